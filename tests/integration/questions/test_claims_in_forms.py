"""Saying which versions an answer is for in the form that posts or edits it: kept in drafts, never overwritten."""

import re
from html import unescape

import pytest

from portal.core.errors import Invalid
from portal.core.models import Topic
from portal.questions.models import Answer, Draft, Passport, QuestionTopic, Revision
from portal.questions.selectors.passports import ends_shown, versions_of
from portal.questions.selectors.releases import answers_solving, answers_to_confirm, releases_about
from portal.questions.services.answers import answer_create, answer_edit
from portal.questions.services.passport import Claim, ClaimMet, passport_clear, passport_set, solution_mark
from portal.questions.services.releases import release_withdraw
from portal.questions.services.repeats import answer_create_once
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic
from tests.factories.versions import claim, product, release, releases

from .scene import signed_in

pytestmark = pytest.mark.django_db
WORDS = "Hold the button for ten seconds, then let go."
FIELDS = ('name="first"', 'name="last"')


@pytest.fixture
def lamp():
    """A lamp with three releases and a question about it."""
    made = product()
    made.made = releases("v1", "v2", "v3", of=made)
    made.asked = question(topics=("lamp",))
    made.post = f"/en/questions/{made.asked.pk}/answer/"
    return made


def seen(page):
    return unescape(page.content.decode())


def ends(given):
    """Which releases an answer is said to be for, by their labels."""
    found = Passport.objects.filter(answer=given).first()
    return (found.first.label, found.last.label) if found else None


def edited(client, given, **fields):
    """Sends the form of an edit as a browser does that has it open, and changes these fields."""
    address = f"/en/questions/answers/{given.pk}/edit/"
    form = shown_fields(client.get(address))
    return client.post(address, form | {name: str(value) for name, value in fields.items()})


def shown_fields(page):
    """What the form of an edit holds as it is opened."""
    form = seen(page).split("data-once>")[1].split("</form>")[0]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    found["known"] = (re.findall(r'name="known" value="([^"]*)"', form) or [""])[0]
    for name in ("first", "last"):
        chosen = re.search(rf'<select name="{name}".*?</select>', form, re.S)
        picked = re.search(r'<option value="(\d*)" selected', chosen[0]) if chosen else None
        found[name] = picked[1] if picked else ""
    found["body"] = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.S)[1].removeprefix("\n")
    return found


class TestWhoSeesIt:
    def test_a_stranger_sees_no_form_and_sends_nothing(self, client, lamp):
        page = client.get(lamp.asked.get_absolute_url())
        assert not any(field in seen(page) for field in FIELDS)
        reply = client.post(lamp.post, {"body": WORDS, "first": lamp.made[0].pk})
        assert reply.status_code == 302 and "/account/login/" in reply["Location"]
        assert not Passport.objects.exists()

    def test_a_member_sees_it_where_the_product_has_releases_and_nowhere_else(self, lamp):
        client = signed_in(member())
        assert all(field in seen(client.get(lamp.asked.get_absolute_url())) for field in FIELDS)
        product("Fan")
        for other in (question(), question(topics=("fan",)), question(topics=(topic().slug,))):
            assert not any(field in seen(client.get(other.get_absolute_url())) for field in FIELDS)

    def test_below_a_product_counts_as_about_it_and_two_are_told_apart(self, lamp):
        Topic.objects.create(name="Lamp shades", slug="lamp-shades", parent=lamp)
        fan = product("Fan", ru="Вентилятор")
        release(fan, "2024.1")
        asked = question(topics=("lamp-shades", "fan"))
        page = seen(signed_in(member()).get(asked.get_absolute_url()))
        assert page.count('<optgroup label="Lamp">') == page.count('<optgroup label="Fan">') == 2

    def test_another_member_may_not_edit_it_in(self, lamp):
        given = answer(lamp.asked)
        reply = signed_in(member()).post(
            f"/en/questions/answers/{given.pk}/edit/",
            {"body": WORDS, "version": "1", "first": lamp.made[0].pk, "known": ""},
        )
        assert reply.status_code == 403 and ends(given) is None


class TestPosting:
    def test_both_ends_or_one_or_none(self, lamp):
        one, two, three = (str(made.pk) for made in lamp.made)
        for sent, told in (
            ({"first": one, "last": three}, ("v1", "v3")),
            ({"first": two, "last": ""}, ("v2", "v2")),
            ({"first": "", "last": three}, ("v3", "v3")),
            ({"first": "", "last": ""}, None),
            ({}, None),
        ):
            writer = member()
            reply = signed_in(writer).post(lamp.post, {"body": WORDS, **sent})
            given = Answer.objects.get(author=writer)
            assert reply.status_code == 302 and ends(given) == told
            assert not told or Passport.objects.get(answer=given).set_by == writer

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"first": 2, "last": 0}, "“To version” must not be older than “From version”."),
            ({"first": 0, "last": 3}, "Choose two versions of the same product."),
            ({"first": 99}, "Select a valid choice"),
            ({"first": "x"}, "Select a valid choice"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_is_lost(self, lamp, sent, words):
        other = release(product("Fan"), "2024.1")
        QuestionTopic.objects.create(content_object=lamp.asked, tag=other.product)
        known = [*(made.pk for made in lamp.made), other.pk]
        data = {name: known[at] if at in range(4) else at for name, at in sent.items()}
        writer = member()
        reply = signed_in(writer).post(lamp.post, {"body": WORDS, **data})
        assert reply.status_code == 422
        assert words in seen(reply) and WORDS in seen(reply)
        assert not Answer.objects.filter(author=writer).exists() and not Passport.objects.exists()
        if isinstance(data["first"], int) and data["first"] in known:
            assert re.search(rf'<option value="{data["first"]}" selected', seen(reply))

    def test_the_preview_carries_it_through_to_the_post(self, lamp):
        writer = member()
        client = signed_in(writer)
        sent = {"body": WORDS, "first": str(lamp.made[0].pk), "last": str(lamp.made[1].pk)}
        page = seen(client.post(lamp.post, sent | {"preview": "1"}))
        assert "Nothing is posted yet" in page and not Answer.objects.filter(author=writer).exists()
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        assert (carried["first"], carried["last"]) == (sent["first"], sent["last"])
        client.post(lamp.post, {**carried, "body": WORDS})
        assert ends(Answer.objects.get(author=writer)) == ("v1", "v2")

    def test_a_draft_keeps_it_and_the_form_goes_on_with_it(self, lamp):
        writer = member()
        client = signed_in(writer)
        place = f"answer-{lamp.asked.pk}"
        client.post(f"/en/account/drafts/{place}/", {"body": WORDS, "first": str(lamp.made[1].pk), "last": ""})
        draft = Draft.objects.get(owner=writer)
        assert draft.fields == {"body": WORDS, "first": str(lamp.made[1].pk)}
        page = seen(client.get(f"{lamp.asked.get_absolute_url()}?draft={place}"))
        assert f'<option value="{lamp.made[1].pk}" selected' in page

    def test_who_signs_in_first_finds_it_in_her_draft(self, client, lamp):
        client.post(lamp.post, {"body": WORDS, "last": str(lamp.made[2].pk)})
        (kept,) = client.session["kept-drafts"].values()
        assert kept == {"body": WORDS, "last": str(lamp.made[2].pk)}

    def test_the_same_words_for_other_versions_are_another_answer(self, lamp):
        writer = member()
        sent = {"user": writer, "question_id": lamp.asked.pk, "body": WORDS}
        one, two = (Claim(made.pk, None) for made in lamp.made[:2])
        first, again = answer_create_once(**sent, claim=one)
        assert not again and answer_create_once(**sent, claim=one) == (first, True)
        assert answer_create_once(**sent, claim=two)[1] is False
        assert answer_create_once(**sent)[1] is False and answer_create_once(**sent)[1] is True

    def test_a_claim_that_cannot_be_leaves_no_answer_behind(self, lamp):
        fan = release(product("Fan"), "2024.1")
        with pytest.raises(Invalid):
            answer_create(user=member(), question_id=lamp.asked.pk, body=WORDS, claim=Claim(fan.pk, None))
        assert not Answer.objects.exists()


class TestEditing:
    @pytest.fixture
    def given(self, lamp):
        made = answer(lamp.asked, body=WORDS)
        claim(made, lamp.made[0], lamp.made[1])
        return made

    def test_the_form_begins_with_what_is_there(self, lamp, given):
        fields = shown_fields(signed_in(given.author).get(f"/en/questions/answers/{given.pk}/edit/"))
        one, two = str(lamp.made[0].pk), str(lamp.made[1].pk)
        assert (fields["first"], fields["last"], fields["known"]) == (one, two, f"{one}-{two}")

    def test_words_and_versions_change_together_or_alone(self, lamp, given):
        client = signed_in(given.author)
        assert edited(client, given, body=WORDS + " Wait.", last=lamp.made[2].pk).status_code == 302
        assert ends(given) == ("v1", "v3") and Answer.objects.get().version == 2
        edited(client, given, body=WORDS + " Wait a little.")
        assert ends(given) == ("v1", "v3") and Answer.objects.get().version == 3
        kept = Revision.objects.count()
        edited(client, given, first="", last="")
        assert ends(given) is None and Answer.objects.get().version == 3 and Revision.objects.count() == kept

    def test_what_somebody_else_said_meanwhile_is_not_overwritten_by_an_edit_of_the_words(self, lamp, given):
        client = signed_in(given.author)
        form = shown_fields(client.get(f"/en/questions/answers/{given.pk}/edit/"))
        claim(given, lamp.made[2], by=member(staff=True))
        client.post(f"/en/questions/answers/{given.pk}/edit/", form | {"body": "Hold it longer."})
        assert ends(given) == ("v3", "v3") and Answer.objects.get().body == "Hold it longer."

    def test_two_who_name_other_versions_are_told(self, lamp, given):
        client = signed_in(given.author)
        address = f"/en/questions/answers/{given.pk}/edit/"
        form = shown_fields(client.get(address))
        claim(given, lamp.made[2], by=member(staff=True))
        reply = client.post(address, form | {"body": "Hold it longer.", "last": str(lamp.made[0].pk)})
        text = seen(reply).replace("\u2068", "").replace("\u2069", "")
        assert reply.status_code == 422 and "Somebody else has named other versions meanwhile: v3." in text
        assert ends(given) == ("v3", "v3") and Answer.objects.get().body == WORDS and "Hold it longer." in text
        again = shown_fields(reply)
        assert again["known"] == f"{lamp.made[2].pk}-{lamp.made[2].pk}" and again["last"] == str(lamp.made[0].pk)
        client.post(address, again)
        assert ends(given) == ("v1", "v1") and Answer.objects.get().body == "Hold it longer."

    def test_both_say_the_same(self, lamp, given):
        known = (lamp.made[0].pk, lamp.made[1].pk)
        claim(given, lamp.made[2], by=member(staff=True))
        made = Claim(lamp.made[2].pk, None, known)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body=WORDS, claim=made)
        assert ends(given) == ("v3", "v3")

    def test_a_withdrawn_version_that_is_not_offered_stays_where_nobody_touches_it(self, lamp, given):
        staff = member(staff=True)
        for made in lamp.made[:2]:
            release_withdraw(user=staff, release_id=made.pk)
        client = signed_in(given.author)
        fields = shown_fields(client.get(f"/en/questions/answers/{given.pk}/edit/"))
        assert (fields["first"], fields["last"], fields["known"]) == ("", "", "")
        edited(client, given, body="Hold it longer.")
        assert ends(given) == ("v1", "v2")
        edited(client, given, last=lamp.made[2].pk)
        assert ends(given) == ("v3", "v3")

    def test_a_stale_text_goes_on_with_its_versions_through_the_conflict(self, lamp, given):
        client = signed_in(given.author)
        address = f"/en/questions/answers/{given.pk}/edit/"
        form = shown_fields(client.get(address))
        answer_edit(user=member(staff=True), answer_id=given.pk, version=1, body="Press the button for a while.")
        reply = client.post(address, form | {"body": "Hold it longer.", "last": str(lamp.made[2].pk)})
        assert reply.status_code == 412 and ends(given) == ("v1", "v2")
        page = seen(reply).split('class="form merge"')[1]
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        assert (carried["first"], carried["last"]) == (form["first"], str(lamp.made[2].pk))
        assert client.post(address, carried | {"whole": "1", "body": "Hold it longer."}).status_code == 302
        assert ends(given) == ("v1", "v3")

    def test_a_stale_form_with_the_same_words_still_says_its_versions(self, lamp, given):
        client = signed_in(given.author)
        address = f"/en/questions/answers/{given.pk}/edit/"
        form = shown_fields(client.get(address)) | {"body": "Hold it longer.", "last": str(lamp.made[2].pk)}
        answer_edit(user=member(staff=True), answer_id=given.pk, version=1, body="Hold it longer.")
        reply = client.post(address, form)
        assert reply.status_code == 412 and f'name="last" value="{lamp.made[2].pk}"' in seen(reply)

    def test_a_draft_of_an_edit_keeps_what_it_began_from(self, lamp, given):
        client = signed_in(given.author)
        form = shown_fields(client.get(f"/en/questions/answers/{given.pk}/edit/"))
        form["last"] = str(lamp.made[2].pk)
        client.post(f"/en/account/drafts/answer-edit-{given.pk}/", form)
        claim(given, lamp.made[2], by=member(staff=True))
        address = f"/en/questions/answers/{given.pk}/edit/?draft=answer-edit-{given.pk}"
        assert shown_fields(client.get(address))["known"] == form["known"]

    @pytest.mark.parametrize("nonsense", ["1", "1-", "-", "1-2-3", "a-b", "9" * 40 + "-1", "٣-٤"])
    def test_a_form_that_makes_no_sense_changes_nothing(self, given, nonsense):
        reply = edited(signed_in(given.author), given, known=nonsense, body="Other words.")
        assert reply.status_code == 422 and Answer.objects.get().body == WORDS


class TestServices:
    def test_who_met_is_told_what_stands_there(self, lamp):
        given = answer(lamp.asked)
        passport_set(user=given.author, answer_id=given.pk, first_id=lamp.made[0].pk)
        passport_clear(user=given.author, answer_id=given.pk)
        wanted = Claim(lamp.made[1].pk, None, (lamp.made[0].pk, lamp.made[0].pk))
        with pytest.raises(ClaimMet) as met:
            answer_edit(user=given.author, answer_id=given.pk, version=1, claim=wanted)
        assert met.value.ends == (None, None) and "none" in str(met.value.fields["first"][0])

    def test_one_end_withdrawn_shows_the_other(self, lamp):
        given = answer(lamp.asked)
        made = claim(given, lamp.made[0], lamp.made[2])
        release_withdraw(user=member(staff=True), release_id=lamp.made[0].pk)
        assert ends_shown(made, releases_about(lamp.asked)) == (lamp.made[2].pk, lamp.made[2].pk)
        assert ends_shown(None, releases_about(lamp.asked)) == (None, None)


class TestTopicsTakenAway:
    """What was said about a product counts while the question is about it."""

    @pytest.fixture
    def given(self, lamp):
        made = answer(lamp.asked)
        claim(made, lamp.made[0])
        solution_mark(user=lamp.asked.author, answer_id=made.pk, first_id=lamp.made[0].pk)
        return made

    def untopic(self, lamp):
        QuestionTopic.objects.filter(content_object=lamp.asked).delete()
        return QuestionTopic(content_object=lamp.asked, tag=lamp)

    def test_page_and_lists_say_the_same_and_it_comes_back(self, lamp, given):
        newest = release(lamp, "v4")

        def told():
            known = versions_of(user=given.author, question=lamp.asked, answers=[given])
            waiting = answers_to_confirm(user=given.author, release=newest)
            return [view.answer for view in known.solutions], list(answers_solving()), list(waiting)

        assert told() == ([given], [given], [given])
        kept = self.untopic(lamp)
        assert told() == ([], [], [])
        kept.save()
        assert told() == ([given], [given], [given])

    def test_a_topic_below_the_product_is_enough(self, lamp, given):
        self.untopic(lamp)
        shades = Topic.objects.create(name="Lamp shades", slug="lamp-shades", parent=lamp)
        QuestionTopic.objects.create(content_object=lamp.asked, tag=shades)
        assert list(answers_solving()) == [given]

    def test_what_is_no_product_any_more_solves_nothing(self, lamp, given):
        Topic.objects.filter(pk=lamp.pk).update(kind=Topic.Kind.TOPIC)
        assert list(answers_solving()) == [] and releases_about(lamp.asked) == {}
