"""What a question's page asks of the database, whoever reads it and whatever stands on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.notifications.services.follows import follow_set
from portal.questions.models import Draft, Question
from portal.questions.selectors.drafts import DraftPlace
from portal.questions.services.answers import answer_edit
from portal.questions.services.bookmarks import bookmark_set
from portal.questions.services.conversions import comment_convert
from portal.questions.services.demands import demand_add
from portal.questions.services.drafts import draft_keep
from portal.questions.services.life import question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.passport import obsolete_mark, solution_mark
from portal.questions.services.questions import question_edit
from tests.factories.accounts import member
from tests.factories.experts import source
from tests.factories.questions import accept, answer, comment, question, topic, vote
from tests.factories.versions import claim, product, releases, say

from .scene import signed_in
from .suggesting import expert, suggested

pytestmark = pytest.mark.django_db

READERS = ("stranger", "member", "asker", "expert", "staff")
PLAIN, FULL = 16, 20
"""The most that a page takes: of a question with answers and comments, and of one with all that there can be."""


def above(found, most):
    """Returns the readers whose page takes more. An expert's takes one more: what the staff allow experts."""
    return {kind: count for kind, count in found.items() if count > most + (kind == "expert")}


def taken(client, path):
    """Returns how many queries the page takes, once it was read before."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def readers_of(asked):
    """Returns who reads, by kind. The expert has reputation too, so that her standing is looked up."""
    known = expert(asked)
    User.objects.filter(pk=known.pk).update(reputation=900)
    people = (None, member(), asked.author, known, member(staff=True))
    return dict(zip(READERS, people, strict=True))


def talked_about(asked, count):
    """Answers a question so often, each time with a thread of comments below."""
    given = [answer(asked) for _ in range(count)]
    for one in given:
        comment(one, parent=comment(one))
    comment(asked)
    return given


@pytest.fixture
def versions():
    """The releases of a product."""
    topic("Wiring", ru="Провода")
    return releases("v1", "v2", "v3", of=product("Lamp", ru="Лампа"))


def full(versions, count=6):
    """Returns a question with all that its page can show, and its readers, who left something on it too."""
    asked = question(topics=("lamp", "wiring"))
    given, staff = talked_about(asked, count), member(staff=True)
    people = readers_of(asked)
    for one in given[: count // 2]:
        claim(one, versions[0], versions[1])
        say(one)
        solution_mark(user=asked.author, answer_id=one.pk, first_id=versions[0].pk)
    accept(given[-2])
    obsolete_mark(user=staff, answer_id=given[-1].pk, reason="The menu is gone.")
    answer_edit(user=staff, answer_id=given[0].pk, version=1, body="Better words altogether.")
    question_edit(
        user=member(staff=True),
        question_id=asked.pk,
        version=1,
        title="A much better title for it",
        body=asked.body,
        topics=("lamp", "wiring"),
    )
    comment_convert(user=staff, comment_id=comment(asked).pk)
    answer(asked, staff, official=True)
    questions_merge(user=staff, source_id=question().pk, target_id=asked.pk)
    answer(question(), body=f"The same as http://localhost:8000{asked.get_absolute_url()} there.")
    suggested(given[2])
    for reader in (each for each in people.values() if each is not None):
        follow_set(user=reader, kind="question", key=str(asked.pk))
        bookmark_set(user=reader, kind="answer", post_id=given[1].pk)
        vote(given[0], reader)
        draft_keep(user=reader, place=DraftPlace(Draft.Kind.ANSWER, asked.pk), fields={"body": "Half a thought"})
        if reader != asked.author:
            demand_add(user=reader, question_id=asked.pk)
    suggested(given[1], people["member"])
    asked.refresh_from_db()
    return asked, people


def test_a_page_of_answers_and_comments_takes_few_queries_for_every_reader():
    topic("Wiring", ru="Провода")
    asked = question(topics=("wiring",))
    talked_about(asked, 6)
    found = {kind: taken(signed_in(reader), asked.get_absolute_url()) for kind, reader in readers_of(asked).items()}
    assert above(found, PLAIN) == {}
    assert found["stranger"] <= 10


def test_all_that_a_page_can_show_takes_not_many_more(versions):
    asked, people = full(versions)
    page = signed_in(people["member"]).get(asked.get_absolute_url()).text
    for words in (
        "Solutions by version",
        "Also asked as",
        "Improved by",
        "is outdated",
        "Following",
        "I have this too",
    ):
        assert words in page, words
    found = {kind: taken(signed_in(reader), asked.get_absolute_url()) for kind, reader in people.items()}
    assert above(found, FULL) == {}


def test_more_answers_comments_and_people_take_no_query_more():
    few, many = question(), question()
    talked_about(few, 2)
    talked_about(many, 14)
    for kind, reader in readers_of(few).items():
        if kind == "asker":
            continue
        client = signed_in(reader)
        assert taken(client, few.get_absolute_url()) == taken(client, many.get_absolute_url()), kind


def test_more_of_everything_takes_no_query_more(versions):
    (few, _people), (many, people) = full(versions, 4), full(versions, 9)
    for kind in ("stranger", "staff"):
        client = signed_in(people[kind])
        assert taken(client, many.get_absolute_url()) <= taken(client, few.get_absolute_url()), kind


def test_a_question_asked_before_and_one_that_was_imported_cost_as_little():
    earlier, later = question(), question()
    accept(answer(earlier))
    talked_about(later, 3)
    people = readers_of(later)
    question_settle(user=people["staff"], question_id=later.pk, status="duplicate", duplicate_of=earlier.pk)
    found = {kind: taken(signed_in(reader), later.get_absolute_url()) for kind, reader in people.items()}
    assert above(found, FULL) == {}
    brought = question()
    talked_about(brought, 3)
    plain = taken(signed_in(people["member"]), brought.get_absolute_url())
    editor = member()
    Question.objects.filter(pk=brought.pk).update(
        source=source(), source_key="7", edited_by=editor, edited_at="2020-01-01T00:00Z"
    )
    assert taken(signed_in(people["member"]), brought.get_absolute_url()) <= plain + 1, "who edited is looked up"


def test_the_first_look_at_what_one_is_told_of_marks_it_as_read_and_costs_little_more():
    asked = question()
    talked_about(asked, 4)
    client = signed_in(asked.author)
    with CaptureQueriesContext(connection) as queries:
        client.get(asked.get_absolute_url())
    assert len(queries) <= FULL


class TestWeight:
    """What goes over the line: a thread of many comments costs its words, not a form for each of them."""

    def test_however_many_comments_there_are_one_form_of_each_kind_comes_along(self):
        few, many = question(), question()
        talked_about(few, 1)
        talked_about(many, 8)
        pages = [signed_in(member()).get(each.get_absolute_url()).content.decode() for each in (few, many)]
        for page in pages:
            assert page.count("<textarea") == 3, "the answer's, and the two in templates"
            assert page.count('id="remark-comment"') == page.count('id="remark-reply"') == 1
        assert [page.count('data-remark="reply"') for page in pages] == [3, 17]
        assert [page.count('data-remark="comment"') for page in pages] == [2, 9]

    def test_who_may_not_comment_is_sent_no_form_for_it(self):
        asked = question()
        talked_about(asked, 1)
        for reader in (None, member()):
            page = signed_in(reader).get(asked.get_absolute_url()).content.decode()
            assert ("remark-comment" in page) == ("js/remark.js" in page) == (reader is not None)
        question_settle(user=member(staff=True), question_id=asked.pk, status="archived")
        page = signed_in(asked.author).get(asked.get_absolute_url()).content.decode()
        assert "remark-" not in page and "data-remark" not in page

    def test_thirty_answers_weigh_what_they_say(self):
        asked = question()
        for _ in range(30):
            comment(answer(asked))
        mine = len(signed_in(member()).get(asked.get_absolute_url()).content)
        anyone = len(signed_in(None).get(asked.get_absolute_url()).content)
        assert mine < 190_000 and mine < 1.75 * anyone
