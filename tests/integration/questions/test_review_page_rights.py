"""The pages of suggesting, deciding and rolling back, by everybody in every state: what opens and what is said."""

import pytest

from portal.questions.models import Suggestion
from tests.factories.accounts import member
from tests.factories.questions import answer, question

from .reviewing import PEOPLE, STATES, Case
from .scene import signed_in
from .suggesting import REASON, suggested

pytestmark = pytest.mark.django_db

# Statuses for stranger, newcomer, author, expert, staff. 302 leads a stranger to sign in, who may edit to the editor,
# and who pressed a button back to where it stood.
OPEN = {
    "form": (302, 200, 302, 200, 302),
    "page": (302, 404, 200, 200, 200),
    "improve": (302, 404, 200, 200, 200),
    "accept": (404, 404, 302, 302, 302),
    "restore": (302, 403, 302, 403, 302),
}
LOCKED = OPEN | {
    "form": (302, 409, 409, 409, 302),
    "improve": (302, 404, 409, 409, 200),
    "restore": (302, 403, 409, 403, 302),
}
ARCHIVED = LOCKED | {
    "form": (302, 409, 409, 409, 409),
    "improve": (302, 404, 409, 409, 409),
    "restore": (302, 403, 409, 403, 409),
}
GONE = {
    "form": (404,) * 5,
    "page": (302, *(404,) * 4),
    "improve": (302, *(404,) * 4),
    "accept": (404,) * 5,
    "restore": (404,) * 5,
}
MERGED = GONE | {"form": (301,) * 5, "restore": (409,) * 5}
TABLE = {
    **{
        (kind, state): statuses
        for kind in ("question", "answer")
        for state, statuses in zip(STATES[:5], (OPEN, OPEN, LOCKED, ARCHIVED, GONE), strict=True)
    },
    ("question", "merged"): MERGED,
    ("answer", "merged"): OPEN,
}
ACCEPTED = {"locked": ("staff",), "archived": (), "deleted": ()}


@pytest.mark.parametrize(("kind", "state"), sorted(TABLE))
def test_what_opens_to_whom_in_every_state(kind, state):
    case = Case(kind, state)
    asked = case.target.pk if case.target and kind == "answer" else case.asked.pk
    root = f"/en/questions/{asked}/history/" + (f"{case.post.pk}/" if kind == "answer" else "")
    numbers = {"author": 1, "staff": 2}
    for deed, statuses in TABLE[kind, state].items():
        for name, status in zip(PEOPLE, statuses, strict=True):
            client = signed_in(case.people[name])
            made = f"/en/questions/suggestions/{case.made[name].pk}/"
            case.post.refresh_from_db()
            before = case.rows()
            if deed == "form":
                reply = client.get(f"/en/questions/suggest/{kind}/{case.post.pk}/")
            elif deed == "page":
                reply = client.get(made)
            elif deed == "improve":
                reply = client.get(f"{made}improve/")
            elif deed == "accept":
                reply = client.post(f"{made}accept/")
            else:
                version = {"version": case.post.version}
                reply = client.post(f"{root}version/{numbers.get(name, 1)}/restore/", version)
            assert reply.status_code == status, (deed, name, reply.status_code)
            if status >= 400 or deed in ("form", "page", "improve"):
                assert case.rows() == before, (deed, name)
            if status == 409 and state in ("locked", "archived"):
                assert state in reply.content.decode(), (deed, name)
    done = {name for name, made in case.made.items() if Suggestion.objects.get(pk=made.pk).status == "accepted"}
    merged_question = (kind, state) == ("question", "merged")
    assert done == (set() if merged_question else set(ACCEPTED.get(state, ("author", "expert", "staff"))))


@pytest.mark.parametrize("state", ["locked", "archived"])
def test_a_button_pressed_too_late_says_why_on_the_page(state):
    """The question was locked between reading and pressing."""
    case = Case("answer", "open")
    case.into(state)
    for name in ("author", "expert"):
        address = f"/en/questions/suggestions/{case.made[name].pk}/"
        before = case.rows()
        page = signed_in(case.people[name]).post(f"{address}accept/", follow=True).content.decode()
        assert state in page
        assert case.rows() == before
        shown = signed_in(case.people[name]).get(address).content.decode()
        assert f"{address}accept/" not in shown, "what would be refused is not offered"


def test_the_form_sent_to_a_locked_question_changes_nothing():
    case = Case("question", "locked")
    form = {"title": case.asked.title, "body": "Other.", "topics": "battery", "version": "2", "reason": REASON}
    before = case.rows()
    for name, status in zip(PEOPLE, (302, 409, 409, 409, 302), strict=True):
        reply = signed_in(case.people[name]).post(f"/en/questions/suggest/question/{case.asked.pk}/", form)
        assert reply.status_code == status, name
    assert case.rows() == before


def test_deeds_need_a_form_of_ours_and_the_right_method():
    made = suggested(answer(body="Wait ten minutes."))
    root = f"/en/questions/suggestions/{made.pk}/"
    client = signed_in(made.answer.author)
    for act in ("accept", "reject", "withdraw"):
        assert client.get(f"{root}{act}/").status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(made.answer.author, backend="portal.accounts.backends.PortalBackend")
    for act in ("accept", "reject", "improve"):
        assert strict.post(f"{root}{act}/", {"words": REASON, "body": "Mine.", "version": 1}).status_code == 403
    made.refresh_from_db()
    assert made.waits


def test_the_lists_show_each_only_what_concerns_her():
    here, there = Case("question", "open"), Case("answer", "open")
    ids = {case: {made.pk for made in case.made.values()} for case in (here, there)}

    def listed(who, address="/en/questions/suggestions/"):
        page = signed_in(who).get(address).content.decode()
        return {pk for pks in ids.values() for pk in pks if f'id="suggestion-{pk}"' in page}

    assert listed(here.people["author"]) == ids[here]
    assert listed(there.people["author"]) == ids[there]
    assert listed(there.asked.author) == set(), "an answer's edits are not the asker's"
    assert listed(here.people["newcomer"]) == set()
    assert listed(here.people["staff"], "/staff/edits/") == ids[here] | ids[there]
    maker = here.made["staff"].author
    assert listed(maker) == set()
    assert listed(maker, "/en/questions/suggestions/?tab=mine") == {here.made["staff"].pk}
    for who in (None, member(), here.people["expert"]):
        assert signed_in(who).get("/staff/edits/").status_code in (302, 403)


def test_an_edit_on_an_answer_is_not_found_as_one_on_a_question_of_the_same_number():
    asked = question(body="Wait ten minutes.")
    given = answer(body="Wait ten minutes.")
    made = suggested(given)
    assert signed_in(asked.author).get(f"/en/questions/suggestions/{made.pk}/").status_code == 404
    for number in ("0", "9" * 18):
        assert signed_in(asked.author).get(f"/en/questions/suggestions/{number}/").status_code == 404
        assert signed_in(asked.author).get(f"/en/questions/suggest/question/{number}/").status_code == 404
    assert signed_in(asked.author).get(f"/en/questions/suggest/comment/{asked.pk}/").status_code == 404
