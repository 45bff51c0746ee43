"""Who gets which page and which answer to a form: every address of questions against every kind of person."""

import pytest

from portal.questions.services.answers import answer_delete
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member

from .scene import KINDS, everything, scene, signed_in, undone

pytestmark = pytest.mark.django_db

# Words of an answer: "o" 200, "m" moved on after the act (302), "s" led to sign in, "n" 403, "f" 409, "h" 404.
STATUS = {"o": 200, "m": 302, "s": 302, "n": 403, "f": 409, "h": 404}
QUESTION = {"title": "Where is the other switch?", "body": "Not here.", "language": "en", "topics": "", "version": "1"}

# method, address, form; a letter for stranger, sleeping, member, asker, author, commenter, staff
PAGES = [
    ("get", "/en/questions/", {}, "ooooooo"),
    ("get", "/en/questions/?tab=for-you", {}, "ooooooo"),
    ("get", "/en/questions/ask/", {}, "ssooooo"),
    ("get", "/en/questions/{q}/{slug}/", {}, "ooooooo"),
    ("get", "/en/questions/{q}/history/", {}, "ooooooo"),
    ("get", "/en/questions/{q}/history/{a}/", {}, "ooooooo"),
    ("get", "/en/questions/{q}/edit/", {}, "ssnonno"),
    ("get", "/en/questions/answers/{a}/edit/", {}, "ssnnono"),
    ("get", "/en/questions/{q}/settle/", {}, "ssnonno"),
    ("get", "/en/questions/comment/question/{q}/write/", {}, "ssooooo"),
    ("get", "/en/questions/comments/{ca}/reply/", {}, "ssooooo"),
    ("get", "/en/account/drafts/", {}, "ssooooo"),
    ("get", "/en/account/drafts/answer-{q}/", {}, "sshhhhh"),
    ("post", "/en/questions/ask/", QUESTION, "ssmmmmm"),
    ("post", "/en/questions/preview/", {"body": "**b**"}, "ooooooo"),
    ("post", "/en/questions/{q}/edit/", QUESTION, "ssnmnnm"),
    ("post", "/en/questions/{q}/delete/", {}, "ssnfnnm"),
    ("post", "/en/questions/{q}/settle/", {"status": "closed"}, "ssnnnnm"),
    ("post", "/en/questions/{q}/settle/", {"status": "locked"}, "ssnnnnm"),
    ("post", "/en/questions/{q}/settle/", {"status": "needs_details", "reason": "Which model?"}, "ssnnnnm"),
    ("post", "/en/questions/{q}/settle/", {"status": "closed", "why": "resolved_elsewhere"}, "ssnmnnm"),
    ("post", "/en/questions/{q}/reopen/", {}, "ssnfnnf"),
    ("post", "/en/questions/{q}/reopen/vote/", {"value": "1"}, "ssfffff"),
    ("post", "/en/questions/{q}/moves/{m}/undo/", {}, "ssnnnnf"),
    ("post", "/en/questions/{q}/answer/", {"body": "Turn it."}, "ssmmmmm"),
    ("post", "/en/questions/answers/{a}/edit/", {"body": "Turn it twice.", "version": "1"}, "ssnnmnm"),
    ("post", "/en/questions/answers/{a}/delete/", {}, "ssnnmnm"),
    ("post", "/en/questions/answers/{a}/accept/", {"value": "1"}, "ssnmnnm"),
    ("post", "/en/questions/vote/question/{q}/", {"value": "1"}, "ssmfmmm"),
    ("post", "/en/questions/vote/answer/{a}/", {"value": "-1"}, "ssmmfmm"),
    ("post", "/en/questions/comment/question/{q}/", {"body": "Which one?"}, "ssmmmmm"),
    ("post", "/en/questions/comment/answer/{a}/", {"body": "Which one?"}, "ssmmmmm"),
    ("post", "/en/questions/comments/{cq}/delete/", {}, "ssnnnmm"),
    ("post", "/en/questions/comments/{ca}/delete/", {}, "ssnnnmm"),
]
CASES = [pytest.param(*row, id=f"{row[0]} {row[1]} {row[2].get('status', '')}") for row in PAGES]


def filled(address, at):
    """Returns an address with the numbers of the scene in it."""
    return address.format(
        q=at.asked.pk,
        a=at.given.pk,
        cq=at.below_question.pk,
        ca=at.below_answer.pk,
        m=at.first_move.pk,
        slug=at.asked.slug,
    )


@pytest.mark.parametrize(("method", "address", "form", "letters"), CASES)
def test_each_address_knows_who_asks(method, address, form, letters):
    at = scene()
    before = everything()
    for kind, letter in zip(KINDS, letters, strict=True):
        with undone():
            page = getattr(signed_in(at.people[kind]), method)(filled(address, at), form)
            assert page.status_code == STATUS[letter], kind
            if letter == "s":
                assert page["Location"].startswith("/en/account/login/?next="), kind
            if letter == "m":
                assert "/account/login/" not in page["Location"], kind
            assert (everything() != before) == (letter == "m"), kind


WITH_FORMS = {address for method, address, _form, _letters in PAGES if method == "get"}
POSTED = sorted({address for method, address, _form, _letters in PAGES if method == "post"} - WITH_FORMS)


def test_what_changes_something_is_not_reached_by_a_link():
    at = scene()
    before, client = everything(), signed_in(at.people["staff"])
    for address in POSTED:
        assert client.get(filled(address, at)).status_code == 405, address
    assert everything() == before


def test_what_only_reads_takes_nothing_else():
    at = scene()
    client = signed_in(at.people["staff"])
    for address in ("/en/questions/", "/en/questions/{q}/{slug}/", "/en/questions/{q}/history/"):
        for method in ("post", "put", "delete", "patch"):
            assert getattr(client, method)(filled(address, at)).status_code == 405, (method, address)


def test_a_head_request_is_answered_like_a_get_without_its_body():
    at = scene()
    for address in [a for method, a, _form, letters in PAGES if (method, letters[0]) == ("get", "o")]:
        head = signed_in(None).head(filled(address, at))
        assert (head.status_code, head.content) == (200, b""), address


@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_question_is_found_by_nobody_at_any_of_its_addresses(kind):
    at = scene()
    question_delete(user=at.people["staff"], question_id=at.asked.pk)
    client, before = signed_in(at.people[kind]), everything()
    signed = kind not in ("stranger", "sleeping")
    for method, address, form, _letters in PAGES:
        if "{" not in address:
            continue
        status = getattr(client, method)(filled(address, at), form).status_code
        allowed = {404, 403} if "settle" in address else {404}
        assert status in (allowed if signed else {404, 302}), address
    assert everything() == before


@pytest.mark.parametrize("kind", ["stranger", "member", "asker", "author"])
def test_the_history_of_a_deleted_answer_is_closed(kind):
    at = scene()
    answer_delete(user=at.people["staff"], answer_id=at.given.pk)
    page = signed_in(at.people[kind]).get(f"/en/questions/{at.asked.pk}/history/{at.given.pk}/")
    assert page.status_code == 404
    assert at.given.body not in page.content.decode()


def test_the_history_of_an_answer_is_not_shown_under_another_question():
    one, two = scene(), scene()
    assert signed_in(None).get(f"/en/questions/{one.asked.pk}/history/{two.given.pk}/").status_code == 404


@pytest.mark.parametrize("how", ["locked", "archived"])
@pytest.mark.parametrize("kind", ["asker", "author", "commenter"])
def test_a_settled_question_answers_with_the_reason_in_the_readers_words(how, kind):
    at = scene()
    staff = at.people["staff"]
    if how == "locked":
        question_lock(user=staff, question_id=at.asked.pk, locked=True)
    else:
        question_settle(user=staff, question_id=at.asked.pk, status="archived")
    own = {
        "asker": f"/en/questions/{at.asked.pk}/edit/",
        "author": f"/en/questions/answers/{at.given.pk}/edit/",
        "commenter": f"/en/questions/comments/{at.below_question.pk}/delete/",
    }
    before = everything()
    page = signed_in(at.people[kind]).post(own[kind], QUESTION)
    assert page.status_code == 409
    assert how in page.content.decode()
    assert everything() == before


@pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
def test_a_refusal_is_a_page_in_the_language_of_the_address(language):
    at = scene()
    page = signed_in(at.people["member"]).post(f"/{language}/questions/{at.asked.pk}/delete/")
    assert page.status_code == 403
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page.content.decode()


def test_numbers_beyond_any_table_are_not_found():
    client = signed_in(member(staff=True))
    for address in ("/en/questions/{}/", "/en/questions/{}/history/", "/en/questions/answers/{}/edit/"):
        for digits in (12, 19, 40, 3000):
            assert client.get(address.format("9" * digits)).status_code == 404, (address, digits)
