"""What experts may do in questions of their topics, as the staff say in the CMS; the outsider first."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.errors import NotAllowed, SignInNeeded, StateForbids
from portal.experts.models import ReputationEntry
from portal.questions.models import ExpertRights, QuestionMove, Role, Solution
from portal.questions.selectors.detail import question_page
from portal.questions.selectors.standing import ACCEPT, ASK_DETAILS, OFFICIAL, expert_rights, has_standing
from portal.questions.services.answers import answer_accept, answer_create, answer_unaccept
from portal.questions.services.life import question_ask_details, question_lock
from portal.questions.services.passport import solution_mark
from tests.factories.accounts import member, token
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, topic
from tests.factories.versions import product, releases

from .scene import signed_in
from .test_life import expert

pytestmark = pytest.mark.django_db


def allow(**rights):
    """Grants rights to experts, as the staff do in the CMS; the others are off."""
    kept = ExpertRights.load()
    for name in (ASK_DETAILS, ACCEPT, OFFICIAL):
        setattr(kept, name, rights.get(name, False))
    kept.save()


@pytest.fixture
def asked():
    topic("Batteries")
    return question(topics=("batteries",))


def fresh(post):
    return type(post).objects.get(pk=post.pk)


class TestOutsiders:
    def test_what_experts_may_others_may_not(self, asked):
        allow(accept=True, official=True, ask_details=True)
        given = answer(asked)
        topic("Paper")
        elsewhere = expert(question(topics=("paper",)))
        for who, refusal in ((AnonymousUser(), SignInNeeded), (member(), NotAllowed), (elsewhere, NotAllowed)):
            with pytest.raises(refusal):
                answer_accept(user=who, answer_id=given.pk)
            with pytest.raises(refusal):
                answer_create(user=who, question_id=asked.pk, body="So it is said.", official=True)
            with pytest.raises(refusal):
                question_ask_details(user=who, question_id=asked.pk)
            assert expert_rights(who, fresh(asked)) == frozenset()

    def test_nobody_is_an_expert_whose_account_sleeps(self, asked):
        who = expert(asked)
        who.is_active = False
        assert not has_standing(who, asked) and not expert_rights(who, asked)

    def test_only_who_may_change_settings_reaches_them(self):
        address = "/cms/settings/questions/expertrights/"
        for who in (AnonymousUser(), member()):
            assert signed_in(who).get(address, follow=True).redirect_chain
        chief = member(staff=True)
        chief.is_superuser = True
        chief.save()
        page = signed_in(chief).get(address, follow=True)
        assert page.status_code == 200 and "Experts may accept answers" in page.content.decode()


class TestAtFirst:
    def test_experts_ask_for_details_and_no_more(self, asked):
        who = expert(asked)
        assert expert_rights(who, asked) == {ASK_DETAILS}
        given = answer(asked)
        with pytest.raises(NotAllowed):
            answer_accept(user=who, answer_id=given.pk)
        assert not question_page(user=who, question_id=asked.pk).may_accept

    def test_the_threshold_is_a_setting(self, asked, settings):
        who = expert(asked, 12)
        assert has_standing(who, asked)
        settings.PORTAL_EXPERT_STANDING = 13
        assert not has_standing(who, fresh(asked))

    def test_the_staff_can_keep_details_to_themselves(self, asked):
        allow()
        with pytest.raises(NotAllowed):
            question_ask_details(user=expert(asked), question_id=asked.pk)
        assert question_ask_details(user=member(staff=True), question_id=asked.pk).needs_details


class TestAccepting:
    @pytest.fixture(autouse=True)
    def allowed(self):
        allow(accept=True)

    def test_an_answer_where_none_is_accepted(self, asked):
        given, who = answer(asked), expert(asked)
        reply = signed_in(who).post(f"/en/questions/answers/{given.pk}/accept/", {"value": "1"})
        assert reply.status_code == 302 and fresh(given).accepted_by == who
        move = QuestionMove.objects.filter(question=asked).latest("id")
        assert (move.act, move.role, move.by) == ("accept", Role.EXPERT, who)
        assert ReputationEntry.objects.filter(user=given.author, kind="accepted").count() == 0  # told on commit

    def test_it_brings_the_helper_what_an_acceptance_brings(self, asked):
        given = answer(asked)
        accept(given, expert(asked))
        assert ReputationEntry.objects.get(user=given.author, kind="accepted").amount == 15

    def test_no_answer_of_ones_own(self, asked):
        who = expert(asked)
        given = answer(asked, who)
        with pytest.raises(StateForbids):
            answer_accept(user=who, answer_id=given.pk)
        view = question_page(user=who, question_id=asked.pk).answers[0]
        assert not view.may_accept and view.accept_later == ""

    @pytest.mark.parametrize("who_chose", ["asker", "staff", "gone"])
    def test_what_the_asker_or_the_staff_chose_stays(self, asked, who_chose):
        chosen, other, who = answer(asked), answer(asked), expert(asked)
        accept(chosen, {"asker": asked.author, "staff": member(staff=True), "gone": None}[who_chose])
        if who_chose == "gone":
            type(chosen).objects.filter(pk=chosen.pk).update(accepted_by=None)
        for act, post in ((answer_accept, other), (answer_unaccept, chosen)):
            with pytest.raises(StateForbids):
                act(user=who, answer_id=post.pk)
        assert fresh(asked).accepted_answer == chosen
        assert not question_page(user=who, question_id=asked.pk).may_accept

    def test_what_an_expert_chose_another_may_change_and_the_asker_has_the_last_word(self, asked):
        first, second = answer(asked), answer(asked)
        accept(first, expert(asked))
        other = expert(asked)
        accept(second, other)
        assert fresh(asked).accepted_answer == second
        answer_unaccept(user=other, answer_id=second.pk)
        assert fresh(asked).accepted_answer is None
        assert QuestionMove.objects.filter(question=asked).latest("id").role == Role.EXPERT
        accept(first, other)
        accept(second)
        with pytest.raises(StateForbids):
            answer_accept(user=other, answer_id=first.pk)

    def test_a_locked_question_stays_as_it_is(self, asked):
        given, who = answer(asked), expert(asked)
        question_lock(user=member(staff=True), question_id=asked.pk, locked=True)
        with pytest.raises(StateForbids):
            answer_accept(user=who, answer_id=given.pk)

    def test_solutions_for_versions_too(self):
        made = releases("v1", "v2", of=product())
        asked = question(topics=("lamp",))
        given = answer(asked)
        solution_mark(user=expert(asked), answer_id=given.pk, first_id=made[0].pk)
        assert Solution.objects.get(answer=given).first == made[0]

    def test_over_the_api(self, client, asked):
        given, who = answer(asked), expert(asked)
        path = f"/api/v1/answers/{given.pk}/accept"
        plain = client.post(path, headers={"Authorization": f"Bearer {token(member())}"})
        granted = client.post(path, headers={"Authorization": f"Bearer {token(who)}"})
        assert (plain.status_code, granted.status_code) == (403, 200)
        assert granted.json()["accepted"] is True


class TestOfficial:
    def test_the_form_offers_it_to_whom_it_is_granted(self, asked):
        who = expert(asked)
        assert 'name="official"' not in signed_in(who).get(asked.get_absolute_url()).content.decode()
        allow(official=True)
        assert 'name="official"' in signed_in(who).get(asked.get_absolute_url()).content.decode()
        assert 'name="official"' not in signed_in(member()).get(asked.get_absolute_url()).content.decode()
        with committed():
            signed_in(who).post(f"/en/questions/{asked.pk}/answer/", {"body": "Charge it overnight.", "official": "on"})
        assert fresh(asked).official and asked.answers.get().author == who

    def test_a_form_that_claims_it_without_the_right_gives_a_plain_answer(self, asked):
        who = member()
        signed_in(who).post(f"/en/questions/{asked.pk}/answer/", {"body": "Charge it overnight.", "official": "on"})
        assert not asked.answers.get().official

    def test_what_was_said_officially_stays_when_the_right_goes(self, asked):
        allow(official=True)
        given = answer(asked, expert(asked), official=True)
        allow()
        assert fresh(given).official


def test_a_page_of_many_answers_looks_up_the_rights_once(asked, django_assert_max_num_queries):
    allow(accept=True)
    who = expert(asked)
    for _ in range(6):
        answer(asked)
    client = signed_in(who)
    client.get(asked.get_absolute_url())
    with django_assert_max_num_queries(30) as seen:
        client.get(asked.get_absolute_url())
    assert sum("questions_expertrights" in query["sql"] for query in seen.captured_queries) == 1
    assert sum('FROM "experts_standing"' in query["sql"] for query in seen.captured_queries) <= 2
