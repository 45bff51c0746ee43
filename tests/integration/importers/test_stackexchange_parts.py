"""Parts of the import that a whole one meets only at sizes no test can have."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.core.models import Source, Topic
from portal.importers.models import ImportedRow, TouchedPost
from portal.importers.stackexchange import finish
from portal.importers.stackexchange.report import Report
from portal.importers.stackexchange.rows import (
    Kind,
    Ledger,
    amend,
    imported_rows,
    object_ids,
    remember,
    touch,
)
from portal.importers.stackexchange.stage import Authors, Setting
from portal.importers.stackexchange.topics import TopicBook
from portal.importers.stackexchange.votes import VoteCount, tallies_write
from portal.questions.models import Answer, Question
from search.models import OutboxEntry

from . import dumps

pytestmark = pytest.mark.django_db


def setting(tmp_path: Path, name: str = "hinges", hosts: tuple[str, ...] = ()) -> Setting:
    source, _made = Source.objects.get_or_create(name=name)
    return Setting(source, "en", Report(path=tmp_path / "r.txt", say=print, counts={}), hosts=hosts)


# --- votes, counted in windows --------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 2, 3, 7, 1000])
def test_votes_are_counted_alike_in_windows_of_any_size(run, tmp_path, window) -> None:
    posts = [dumps.question(1), dumps.answer(2, 1), dumps.question(9), dumps.answer(17, 9), dumps.question(1000)]
    run(dumps.write(tmp_path / "d", Posts=posts))
    votes = [(3, 2), (1, 2), (1, 3), (17, 2), (17, 2), (1000, 3), (999, 2), (2000, 2)]
    rows = [(number + 3, {"PostId": str(post), "VoteTypeId": str(kind)}) for number, (post, kind) in enumerate(votes)]
    reads = []

    def read():
        reads.append(1)
        return iter(rows)

    here = setting(tmp_path)
    count = VoteCount(here, read, window=window)
    for each in count.windows():
        for tallies in count.batches(each):
            tallies_write(count.differing(tallies))
    found = {
        post.source_key: (post.imported_upvotes, post.imported_downvotes)
        for model in (Question, Answer)
        for post in model.objects.all()
    }
    assert found == {"1": (1, 1), "2": (0, 0), "9": (0, 0), "17": (2, 0), "1000": (0, 1)}
    assert here.report.of("votes").read == len(rows), "a row counts once however often the file is read"
    assert len(reads) <= 5, "where no post is, no window is counted"


def test_no_posts_no_votes(tmp_path) -> None:
    count = VoteCount(setting(tmp_path), lambda: iter([]))
    assert list(count.windows()) == []


# --- the ledger -----------------------------------------------------------------------------------------------------


def test_the_ledger_knows_rows_by_source_kind_and_key(tmp_path) -> None:
    one, two = setting(tmp_path, "one").source, setting(tmp_path, "two").source
    remember([Ledger(one.pk, Kind.QUESTION, 7, 70, 1), Ledger(one.pk, Kind.ANSWER, 8, 80, question_id=70)])
    remember([Ledger(two.pk, Kind.QUESTION, 7, 71)])
    assert {key: row.object_id for key, row in imported_rows(one, [Kind.QUESTION, Kind.ANSWER], [7, 8, 9]).items()} == {
        7: 70,
        8: 80,
    }
    assert imported_rows(two, [Kind.QUESTION], [7])[7].object_id == 71
    assert imported_rows(two, [Kind.ANSWER], [7, 8]) == {}
    assert imported_rows(one, [Kind.QUESTION], []) == imported_rows(one, [Kind.QUESTION], [0]) == {}
    assert object_ids(one, Kind.ANSWER, [8, 9]) == {8: 80}


def test_what_became_nothing_is_known_and_has_no_object(tmp_path) -> None:
    source = setting(tmp_path).source
    remember([Ledger(source.pk, Kind.USER, 7, 0)])
    assert 7 in imported_rows(source, [Kind.USER], [7])
    assert object_ids(source, Kind.USER, [7]) == {}


def test_the_ledger_takes_the_ids_of_what_was_made_and_amends_named_columns_only(tmp_path) -> None:
    source = setting(tmp_path).source
    remember(
        [Ledger(source.pk, Kind.COMMENT, key, digest=key) for key in (1, 2)], [SimpleNamespace(pk=n) for n in (11, 12)]
    )
    rows = imported_rows(source, [Kind.COMMENT], [1, 2])
    rows[1].digest, rows[1].version = 99, 99
    amend([rows[1]], "digest")
    assert list(ImportedRow.objects.order_by("key").values_list("object_id", "digest", "version")) == [
        (11, 99, 1),
        (12, 2, 1),
    ]


def test_what_the_ledger_has_is_left_alone_where_asked(tmp_path) -> None:
    source = setting(tmp_path).source
    remember([Ledger(source.pk, Kind.EXCERPT, 1, 5)])
    remember([Ledger(source.pk, Kind.EXCERPT, 1, 6), Ledger(source.pk, Kind.EXCERPT, 2, 7)], again=True)
    assert object_ids(source, Kind.EXCERPT, [1, 2]) == {1: 5, 2: 7}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(touched=st.lists(st.lists(st.integers(1, 9))))
def test_a_post_is_noted_once_however_often_it_is_touched(tmp_path, touched) -> None:
    TouchedPost.objects.all().delete()
    source = setting(tmp_path).source
    for ids in touched:
        touch(source, TouchedPost.Work.QUESTION, ids)
    noted = list(TouchedPost.objects.values_list("object_id", flat=True))
    assert sorted(noted) == sorted({pk for ids in touched for pk in ids})


# --- authors and topics ---------------------------------------------------------------------------------------------


def test_authors_are_accounts_names_or_nobody(tmp_path) -> None:
    source = setting(tmp_path).source
    ada = User.objects.create(username="ada")
    remember([Ledger(source.pk, Kind.USER, 1, ada.pk), Ledger(source.pk, Kind.USER, 2, 0)])
    authors = Authors(source, [1, 2, 3, 0])
    assert authors.of(1, "A name there") == (ada.pk, "")
    assert authors.of(2, "Erased here") == (None, "Erased here")
    assert authors.of(3, "") == (None, "user3")
    assert authors.of(0, "") == (None, "")


def test_the_book_asks_once_for_each_name(django_assert_num_queries) -> None:
    book = TopicBook()
    book.learn(["oil", "wood"])
    with django_assert_num_queries(0):
        book.learn(["oil", "wood"])
        assert len(book.ids(["oil", "wood", "oil"])) == 2
        assert book.ids(["unknown"]) == []


def test_the_book_finds_a_topic_by_its_slug_or_its_name() -> None:
    by_slug = Topic.objects.create(name="Machine oil", slug="oil")
    by_name = Topic.objects.create(name="wood", slug="timber")
    book = TopicBook()
    book.learn(["oil", "wood"])
    assert book.ids(["oil", "wood"]) == [by_slug.pk, by_name.pk]
    assert Topic.objects.count() == 2


def test_two_tags_that_share_a_slug_share_a_topic() -> None:
    book = TopicBook()
    book.learn(["Oil", "oil"])
    assert len(set(book.ids(["Oil", "oil"]))) == 1


# --- what is done at the end ----------------------------------------------------------------------------------------


def test_debts_are_paid_a_batch_at_a_time_and_only_once(run, tmp_path, monkeypatch) -> None:
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(number) for number in range(1, 6)]))
    OutboxEntry.objects.all().delete()
    Question.objects.update(answers_count=9)
    here = setting(tmp_path)
    touch(here.source, TouchedPost.Work.QUESTION, Question.objects.values_list("pk", flat=True))
    monkeypatch.setattr(finish, "BATCH", 2)
    debts = finish.Debts(here)
    assert [debts.pay(TouchedPost.Work.QUESTION) for _ in range(4)] == [2, 2, 1, 0]
    assert set(Question.objects.values_list("answers_count", flat=True)) == {0}
    assert OutboxEntry.objects.filter(document_type="question").count() == 5


def test_a_debt_for_a_post_that_is_gone_is_forgotten(run, tmp_path) -> None:
    here = setting(tmp_path)
    for work in TouchedPost.Work:
        touch(here.source, work, [123456])
        debts = finish.Debts(here)
        assert debts.pay(work) == 1
    assert not TouchedPost.objects.exists()


def test_links_are_rewritten_once_and_leave_the_rest_of_a_body_alone(run, tmp_path) -> None:
    body = '<p>a</p><a href="https://x.org/q/2?x=1&amp;y=2#z">q</a><a href="https://x.org/q/3">r</a> https://x.org/q/2'
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(1, Body=body), dumps.question(2)]), site="x.org")
    first = Question.objects.get(source_key="1")
    target = Question.objects.get(source_key="2").get_absolute_url()
    assert first.body_html.count(f'href="{target}"') == 1
    assert 'href="https://x.org/q/3"' in first.body_html
    assert first.body_html.endswith("https://x.org/q/2")
    links = finish.BodyLinks(setting(tmp_path, "x.org", ("x.org",)))
    assert links.rewrite([first]) == []
