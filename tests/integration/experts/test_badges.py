"""Badges: who earns them, once, now or from history."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.experts.badges import BADGES, BY_SLUG
from portal.experts.models import BadgeAward, Tier
from portal.experts.selectors.badges import badges_shown, badges_with_holders
from portal.experts.services.badges import badges_award_all, badges_import
from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.experts import profile, source
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db


def held(user) -> set[str]:
    return set(BadgeAward.objects.filter(user=user).values_list("slug", flat=True))


def test_every_badge_has_words_a_tier_and_its_own_slug():
    assert len({badge.slug for badge in BADGES}) == len(BADGES) >= 10
    for badge in BADGES:
        assert str(badge.name) and str(badge.description).endswith("."), badge.slug
        assert badge.tier in Tier.values and badge.after
        assert len(badge.slug) <= 40
    assert {badge.tier for badge in BADGES} == set(Tier.values)


def test_the_first_steps():
    asker, helper = member(), member()
    assert held(asker) == held(helper) == set()
    given = answer(question(asker), helper)
    assert held(asker) == {"first-question"} and held(helper) == {"first-answer"}
    vote(given)
    assert held(helper) == {"first-answer", "teacher"}
    accept(given)
    assert held(helper) == {"first-answer", "teacher", "first-solution"}
    assert held(asker) == {"first-question", "scholar"}


def test_ones_own_answer_accepted_is_no_solution():
    alone = member()
    accept(answer(question(alone), alone))
    assert held(alone) == {"first-question", "first-answer"}


def test_a_downvote_is_no_lesson():
    given = answer()
    vote(given, value=-1)
    assert "teacher" not in held(given.author)


@pytest.mark.parametrize(("post", "slug"), [("question", "good-question"), ("answer", "good-answer")])
def test_a_score_of_ten(post, slug):
    made = question() if post == "question" else answer()
    made.imported_score = 8
    made.save(update_fields=["imported_score"])
    vote(made)
    assert slug not in held(made.author), "nine is not ten"
    vote(made)
    assert slug in held(made.author)


def test_ten_accepted_answers():
    helper = member()
    for _ in range(9):
        accept(answer(question(), helper))
    assert "helpful" not in held(helper)
    accept(answer(question(helper), helper))
    assert "helpful" not in held(helper), "one's own question does not count"
    accept(answer(question(), helper))
    assert "helpful" in held(helper) and "pillar" not in held(helper)


def test_answers_in_three_languages():
    helper = member()
    for language in ("en", "en", "ru"):
        answer(question(), helper, language=language)
    assert "polyglot" not in held(helper)
    answer(question(), helper, language="ja")
    assert "polyglot" in held(helper)


def test_a_late_answer():
    asked = question()
    Question.objects.filter(pk=asked.pk).update(created_at=timezone.now() - timedelta(days=61))
    late, soon = answer(asked), answer(question())
    vote(late)
    vote(soon)
    assert "better-late" in held(late.author) and "better-late" not in held(soon.author)


def test_twenty_five_votes():
    reader = member()
    posts = [answer(question()) for _ in range(25)]
    for post in posts[:24]:
        vote(post, reader)
    assert "fair-reader" not in held(reader)
    vote(posts[24], reader, -1)
    assert "fair-reader" in held(reader)


def test_a_profile_that_tells_enough():
    someone = member()
    profile(someone, bio="I mend printers.", role="Technician")
    assert "introduced" not in held(someone)
    profile(someone, bio="I mend printers.", role="Technician", languages={"ru": "native"})
    assert "introduced" in held(someone)


def test_ten_years_are_found_by_the_command_only_for_who_wrote():
    long_here, quiet = member(), member()
    question(long_here)
    User.objects.filter(pk__in=[long_here.pk, quiet.pk]).update(date_joined=timezone.now() - timedelta(days=4000))
    badges_award_all()
    assert "ten-years" in held(long_here) and held(quiet) == set()
    award = BadgeAward.objects.get(user=long_here, slug="ten-years")
    assert timedelta(days=300) < timezone.now() - award.awarded_at < timedelta(days=400)


def test_what_nobody_can_see_earns_nothing():
    asker, helper, staff = member(), member(), member(staff=True)
    asked = question(asker)
    given = answer(asked, helper)
    BadgeAward.objects.all().delete()
    with committed():
        answer_delete(user=staff, answer_id=given.pk)
        question_delete(user=staff, question_id=asked.pk)
    badges_award_all()
    assert held(asker) == held(helper) == set()


def test_earned_is_earned():
    staff, asked = member(staff=True), question()
    with committed():
        question_delete(user=staff, question_id=asked.pk)
    assert held(asked.author) == {"first-question"}


def test_the_command_finds_what_events_found_and_gives_nothing_twice(capsys):
    given = answer()
    vote(given)
    accept(given)
    found = set(BadgeAward.objects.values_list("user", "slug"))
    assert badges_award_all() == 0
    BadgeAward.objects.all().delete()
    call_command("award_badges")
    assert f"{len(found)} badges awarded." in capsys.readouterr().out
    assert set(BadgeAward.objects.values_list("user", "slug")) == found


def test_a_badge_of_history_has_the_moment_of_history():
    asked, long_ago = question(), timezone.now() - timedelta(days=2000)
    Question.objects.filter(pk=asked.pk).update(created_at=long_ago)
    BadgeAward.objects.all().delete()
    badges_award_all()
    assert BadgeAward.objects.get(slug="first-question").awarded_at == long_ago


def test_all_of_a_large_community_in_few_queries(django_assert_max_num_queries):
    people = User.objects.bulk_create(User(username=f"u{n}", email=f"u{n}@example.org") for n in range(3000))
    asked = Question.objects.bulk_create(
        Question(author=user, title="t", slug="t", body="b", body_html="b", language="en") for user in people
    )
    Answer.objects.bulk_create(
        Answer(question=post, author=people[-1 - place], body="b", body_html="b", language="en", score=12)
        for place, post in enumerate(asked)
    )
    with django_assert_max_num_queries(250):
        assert badges_award_all() >= 4 * 3000


def test_imported_badges_are_shown_apart_and_come_once():
    someone, origin = member(), source()

    def awards():
        return [
            BadgeAward(
                user=someone, source=origin, source_key=str(n), name="Good Answer", tier="silver",
                awarded_at=timezone.now() - timedelta(days=n),
            )
            for n in range(1, 4)
        ]  # fmt: skip

    badges_import(awards=awards())
    badges_import(awards=awards())
    question(someone)
    shown = badges_shown(member=someone)
    assert [rule.slug for rule, _moment in shown.earned] == ["first-question"]
    assert [(badge.name, badge.count, badge.source) for badge in shown.imported] == [
        ("Good Answer", 3, "printing.example")
    ]
    assert shown.counts == {"gold": 0, "silver": 0, "bronze": 1}


def test_an_award_of_a_rule_that_is_gone_is_not_shown():
    someone = member()
    BadgeAward.objects.create(user=someone, slug="no-such-badge")
    assert badges_shown(member=someone).earned == []


def test_holders_are_counted():
    question(member())
    question(member())
    assert {badge.slug: count for badge, count in badges_with_holders()}["first-question"] == 2


def test_the_page_of_all_badges(client):
    page = client.get("/en/badges/").text
    for badge in BADGES:
        assert f'id="{badge.slug}"' in page and str(badge.name) in page
    assert "+15" in page and "-2" in page


def test_words_are_looked_up_when_they_are_shown():
    with translation.override("en"):
        assert str(BY_SLUG["polyglot"].name) == "Polyglot"
