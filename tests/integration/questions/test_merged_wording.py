"""The words of a question that was joined with another find that one, on either engine and without any."""

import pytest

from portal.discovery.selectors import search_run, similar_run
from portal.questions.indexing import fallback
from portal.questions.models import Question
from portal.questions.selectors.duplicates import target_candidates
from portal.questions.services.merging import merge_undo, questions_merge
from search.documents import SearchRequest
from search.indexing import drain
from tests.factories.accounts import member
from tests.factories.questions import question

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    """Returns the numbers of the questions that are found by words."""
    page = search_run(user=None, request=SearchRequest(text=words, types=("question",)))
    return [result.hit.id for result in page.results]


def test_both_words_find_the_one_that_stays(engine: str) -> None:
    staff = member(staff=True)
    source = question(title="Why does the zanzibar lamp blink?", body="My quokkabox says nothing at all.")
    target = question(title="A red light flashes on the front", body="What does it want to tell me?")
    drain()
    assert found("zanzibar") == [str(source.pk)]
    merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    drain()
    for words in ("zanzibar", "quokkabox", "zanzibar lamps", "red light flashes"):
        assert str(target.pk) in found(words), words
        assert str(source.pk) not in found(words), words
    page = similar_run(user=None, title="The zanzibar lamp blinks", language="en")
    assert str(target.pk) in [result.hit.id for result in page.results]
    assert page.engine.startswith(engine)
    picked = target_candidates(user=staff, question=question(), words="zanzibar")
    assert [each.question.pk for each in picked] == [target.pk]
    merge_undo(user=staff, merge_id=merge.pk)
    drain()
    assert found("zanzibar") == [str(source.pk)]
    assert str(source.pk) not in found("red light flashes")


def test_the_database_finds_it_too_while_the_engine_is_away() -> None:
    source, target = question(title="Why does the zanzibar lamp blink?"), question()
    questions_merge(user=member(staff=True), source_id=source.pk, target_id=target.pk)
    assert [each.id for each in fallback(SearchRequest(text="zanzibar"))] == [str(target.pk)]


def test_a_chain_of_merges_keeps_every_wording() -> None:
    staff = member(staff=True)
    first, second, third = question(title="Where is the zanzibar?"), question(title="Where is the quokka?"), question()
    questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
    questions_merge(user=staff, source_id=second.pk, target_id=third.pk)
    for words in ("zanzibar", "quokka"):
        assert [each.id for each in fallback(SearchRequest(text=words))] == [str(third.pk)]
    assert Question.objects.filter(merged_into=third).count() == 2
