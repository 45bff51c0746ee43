"""Who asked anonymously is told at no door, to nobody: the outsider's view of every page, list, feed and call.

The strongest question that an outsider can ask is whether anything at all would look different if somebody else had
asked. So every door is read twice: as it is, and after all that the asker wrote was put under the name of another
member. Nothing that depends on the true author can pass, be it a name, a picture, an id, a count or an order.
"""

import json
import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from portal.accounts.models import User
from portal.core.audit import audit_write
from portal.experts.models import BadgeAward, ReputationEntry
from portal.experts.selectors.profiles import member_counts
from portal.questions.models import Answer, Comment, Question, QuestionMove, Revision
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_edit
from search.engines import forget_engines
from tests.factories.accounts import member, token
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, topic, vote
from tests.integration.test_outsider import SECRET, surfaces

pytestmark = pytest.mark.django_db

CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="once" value="[^"]*"|"took_ms": ?[0-9.]+|openings?/[^"]*'
    r"|hx-headers='[^']*'|/opened/[^\"]*|from=[^\"]*|name=\"search\" value=\"[^\"]*\"|value=\"[^\"]*:[\\w-]{20,}\""
)


@pytest.fixture(autouse=True)
def index(settings, tmp_path):
    settings.SEARCH = {**settings.SEARCH, "EMBEDDED_PATH": tmp_path / "search"}
    settings.PORTAL_LIMITS = False
    cache.clear()
    forget_engines()
    yield
    forget_engines()


@pytest.fixture
def story():
    """An anonymous question, lively: its asker answers, comments, edits, accepts, and is voted for."""
    topic("Leaks")
    asker, helper = member("quokkalina", display_name="Quokkalina Zant"), member("helper")
    other = member("wombatina", display_name="Wombatina Yule")
    type(other).objects.filter(pk=other.pk).update(date_joined=asker.date_joined)
    asked = question(asker, title=f"Why is the {SECRET} wet?", topics=("leaks",), anonymous=True)
    given = answer(asked, helper)
    own = answer(asked, asker, body="I found something out myself.")
    said = comment(asked, asker, body="It is the blue one.")
    comment(given, asker, body="Thank you for looking.", parent=None)
    comment(asked, helper, body="Which blue?", parent=said)
    vote(asked, helper)
    vote(own, helper)
    accept(given)
    with committed():
        question_edit(user=asker, question_id=asked.pk, version=1, body="It worked. Now it is wet.", note="clearer")
        answer_edit(user=asker, answer_id=own.pk, version=1, body="I found it out myself, today.")
    call_command("search_rebuild", verbosity=0)
    asked.refresh_from_db()
    return asked


def reader_of(user):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client, ({"Authorization": f"Bearer {token(user)}"} if user is not None else {})


def seen(asked, user, addresses):
    """What a reader is shown at every address, without what is new in every answer."""
    client, headers = reader_of(user)
    found = {}
    for address in addresses:
        api = address.startswith("/api/")
        reply = client.get(address, headers=headers if api else {}, follow=not api)
        assert reply.status_code < 500, (address, reply.status_code)
        found[address] = CHANGING.sub("", reply.content.decode())
    return found


def doors(asked, *people):
    """Every address that could tell something of the question or of these people; the asker's own ones among them."""
    names = [person.username for person in people]
    addresses = list(surfaces(Question(pk=asked.pk, slug=asked.slug, language="en")))
    addresses += [f"/api/v1/answers/{pk}" for pk in asked.answers.values_list("pk", flat=True)]
    addresses += [f"/api/v1/answers/{pk}/comments" for pk in asked.answers.values_list("pk", flat=True)]
    addresses += [f"/en/questions/{asked.pk}/history/{pk}/" for pk in asked.answers.values_list("pk", flat=True)]
    feeds = ["/feeds/topics/leaks.atom", f"/feeds/questions/{asked.pk}.atom"]
    addresses += [*feeds, f"/api/v1/questions/{asked.pk}/revisions", f"/api/v1/questions/{asked.pk}/revisions/1"]
    for pk in asked.answers.values_list("pk", flat=True):
        addresses += [f"/api/v1/answers/{pk}/revisions", f"/en/questions/{asked.pk}/?answer={pk}"]
    for name in names:
        addresses += [f"/en/members/{name}/{tab}" for tab in ("", "?tab=answers", "?tab=questions", "?tab=reputation")]
        addresses += [f"/api/v1/members/{name}", f"/api/v1/questions?author={name}"]
        addresses += [f"/en/search/?q=author:{name}", f"/api/v1/search?q=author:{name}"]
        addresses += [f"/en/search/?q={SECRET}+author:{name}", f"/api/v1/search?q={SECRET}+author:{name}"]
    return list(dict.fromkeys(addresses))


def put_under_another_name(asked, other):
    """Writes the same story as if another member had asked; all that is derived from it is made anew."""
    asker = asked.author
    for model in (Question, Answer, Comment):
        model.objects.filter(author=asker).update(author=other)
        if hasattr(model, "edited_by"):
            model.objects.filter(edited_by=asker).update(edited_by=other)
    Revision.objects.filter(editor=asker).update(editor=other)
    QuestionMove.objects.filter(by=asker).update(by=other)
    ReputationEntry.objects.all().delete()
    BadgeAward.objects.all().delete()
    for command in ("recompute_reputation", "award_badges"):
        call_command(command, verbosity=0)
    call_command("search_rebuild", verbosity=0)
    cache.clear()


def test_nothing_would_look_different_if_somebody_else_had_asked(story):
    asker, other, helper = story.author, User.objects.get(username="wombatina"), story.accepted_answer.author
    readers = [None, member(), member(staff=True), helper]
    call_command("search_rebuild", verbosity=0)
    addresses = doors(story, asker, other, helper)
    before = [seen(story, reader, addresses) for reader in readers]
    put_under_another_name(story, other)
    after = [seen(story, reader, addresses) for reader in readers]
    for reader, was, now in zip(readers, before, after, strict=True):
        assert {address for address in addresses if was[address] != now[address]} == set(), reader


@pytest.mark.parametrize("who", ["stranger", "member", "staff"])
def test_her_name_stands_nowhere_near_the_question(story, who):
    reader = {"stranger": None, "member": member(), "staff": member(staff=True)}[who]
    about_people = ("/en/members/", "/en/experts/", "/api/v1/members/", "author")
    addresses = [a for a in doors(story) if not any(part in a for part in about_people)]
    addresses = [a for a in addresses if a not in ("/en/", "/en/search/?q=")]  # these list her as a member
    assert len(addresses) > 30
    for address, text in seen(story, reader, addresses).items():
        assert "quokkalina" not in text.casefold(), address
        assert f"avatars/{story.author.pk}" not in text, address


@pytest.mark.parametrize("tab", ["", "?tab=answers", "?tab=questions", "?tab=reputation"])
def test_her_own_page_tells_it_to_herself_alone(story, tab):
    address = f"/en/members/quokkalina/{tab}"
    for reader in (None, member(), member(staff=True)):
        assert SECRET not in seen(story, reader, [address])[address]
    counts = [member_counts(viewer=reader, member=story.author) for reader in (None, story.author)]
    assert [(each.questions, each.answers) for each in counts] == [(0, 0), (1, 1)]
    if tab in ("?tab=questions", "?tab=answers"):
        assert SECRET in seen(story, story.author, [address])[address]


def test_the_doors_do_show_a_name_that_is_no_secret(story):
    """What makes the cases above able to fail."""
    Question.objects.update(anonymous=False)
    Answer.objects.update(anonymous=False)
    Comment.objects.update(anonymous=False)
    call_command("search_rebuild", verbosity=0)
    page = story.get_absolute_url()
    places = [page, "/feeds/questions.atom", f"/api/v1/questions/{story.pk}", "/en/questions/?tab=newest"]
    places += [f"/en/questions/{story.pk}/history/", f"/api/v1/questions/{story.pk}/comments"]
    for address, text in seen(story, None, places).items():
        assert "quokkalina" in text.casefold(), address


def test_search_does_not_find_it_by_its_author_with_the_engine_away(story, settings):
    from search.documents import SearchRequest
    from search.registry import indexed_type

    fallback = indexed_type("question").fallback
    assert [row.author for row in fallback(SearchRequest(text=SECRET))] == [None]
    assert list(fallback(SearchRequest(text="", authors=("quokkalina",)))) == []


def test_programs_are_told_that_there_is_no_author_also_her_own(story):
    for reader in (None, story.author, member(staff=True)):
        told = json.loads(seen(story, reader, [f"/api/v1/questions/{story.pk}"])[f"/api/v1/questions/{story.pk}"])
        assert (told["author"], told["anonymous"]) == (None, True)
        answers = f"/api/v1/questions/{story.pk}/answers"
        rows = json.loads(seen(story, reader, [answers])[answers])["results"]
        assert [(row["author"] and row["author"]["username"], row["anonymous"]) for row in rows] == [
            ("helper", False),
            (None, True),
        ]
        comments = f"/api/v1/questions/{story.pk}/comments"
        said = json.loads(seen(story, reader, [comments])[comments])["results"]
        assert [row["anonymous"] for row in said] == [True, False]


def test_the_log_of_the_staff_holds_no_name_of_hers(story):
    staff = member(staff=True)
    audit_write(actor=staff, action="author-revealed", subject_type="question", subject_id=story.pk, reason="A threat.")
    text = seen(story, staff, ["/staff/audit/"])["/staff/audit/"]
    assert "A threat." in text
    assert "quokkalina" not in text.casefold()
