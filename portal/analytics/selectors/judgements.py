"""Queries whose answers people have told: what judged sets are built of.

Three kinds: a question's title and the answer that was accepted; a question asked before and the earlier one it was
joined with; the words of a search and what was opened of its results. Only what everybody may see, and of the log only
words that it still keeps. The format is that of :mod:`search.evaluation.judged`.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from portal.core.markdown import plain_text
from portal.discovery.models import ResultOpened, Search, Surface, Who
from portal.questions.selectors.access import answers_visible_to, questions_visible_to
from search.analyzers.normalization import normalize
from search.documents import DocumentKey, SearchDocument
from search.indexing import load_documents
from search.registry import indexed_type

Side = Literal["tuning", "holdout"]
HOLDOUT_PERCENT = 30
"""Of a hundred queries so many are held out: a change is tuned on the others, and judged on these."""
CLICKED_BY = 2
"""Searches that must have opened a result before it counts as an answer to their words; one may be a slip."""
LONGEST_QUERY = 1_000
LONGEST_DOCUMENT = 20_000
_CHUNK = 2_000


@dataclass(slots=True)
class Judgements:
    """One set in the making, of one language and kind. endpoint: what its queries are for. titles: whether the first
    line of a document is its title."""

    endpoint: str
    language: str
    titles: bool = True
    docs: dict[str, str] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    qrels: dict[str, dict[str, int]] = field(default_factory=dict)

    def side(self, side: Side) -> dict[str, Any]:
        """Returns the set's file with the queries of one side, and all documents."""
        kept = {query: text for query, text in self.queries.items() if side_of(self.language, text) == side}
        return {
            "language": self.language,
            "endpoint": self.endpoint,
            "titles": self.titles,
            "docs": self.docs,
            "queries": kept,
            "qrels": {query: self.qrels[query] for query in kept},
        }


def side_of(language: str, query: str) -> Side:
    """Returns the side of a query: a hash of its words alone decides, so it stays there however the data grow."""
    words = f"{language}\0{normalize(query)}".encode("utf-8", "replace")
    number = int.from_bytes(hashlib.blake2b(words, digest_size=8).digest())
    return "holdout" if number % 100 < HOLDOUT_PERCENT else "tuning"


def accepted_answers(language: str) -> Judgements:
    """Returns the titles of settled questions with the accepted answer each, among all answers of the language."""
    made = Judgements("search", language, titles=False)
    answers = answers_visible_to(None).filter(question__language=language).order_by("pk")
    shown = answers.values_list("pk", "body_html", "question_id", "question__title", "question__accepted_answer_id")
    for pk, body, question, title, accepted in shown.iterator(chunk_size=_CHUNK):
        # Without its question's title, which would give it away: an answer stands for itself here.
        made.docs[f"a{pk}"] = plain_text(body)[:LONGEST_DOCUMENT]
        if accepted == pk:
            made.queries[f"q{question}"] = title
            made.qrels[f"q{question}"] = {f"a{pk}": 1}
    return made


def joined_questions(language: str) -> Judgements:
    """Returns the questions that were joined with earlier ones: the earlier one is to be found among all others."""
    made = Judgements("similar", language)
    visible = questions_visible_to(None).filter(language=language).order_by("pk")
    targets: dict[int, int] = {}
    for pk, title, body, target in visible.values_list("pk", "title", "body_html", "duplicate_of_id").iterator(
        chunk_size=_CHUNK
    ):
        made.docs[str(pk)] = f"{' '.join(title.split())}\n{plain_text(body)[:LONGEST_DOCUMENT]}"
        if target is not None:
            targets[pk] = target
    for pk, target in targets.items():
        if str(target) in made.docs:
            made.queries[str(pk)] = made.docs[str(pk)]
            made.qrels[str(pk)] = {str(target): 1}
    return made


def clicked_searches(language: str) -> Judgements:
    """Returns the words of searches with what was opened of their results by :data:`CLICKED_BY` searches at least.

    The grade grows with the searches: 1, from four on 2, from eight on 3; "this answers it" counts twice.
    """
    made = Judgements("search", language)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for words, kind, identity, answered in _openings(language):
        votes[words][DocumentKey(kind, identity).uid] += 2 if answered else 1
    told = {
        words: {uid: min(3, 1 + count // 4) for uid, count in counted.items() if count >= CLICKED_BY}
        for words, counted in votes.items()
    }
    made.docs = {document.key.uid: _text(document) for document in _public_documents(language)}
    for words, grades in sorted(told.items()):
        there = {uid: grade for uid, grade in grades.items() if uid in made.docs}
        if there:
            query = hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=6).hexdigest()
            made.queries[query], made.qrels[query] = words[:LONGEST_QUERY], there
    return made


def _openings(language: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yields words and the result opened, without bots, staff and what the log has blanked."""
    people = Search.objects.filter(language=language, who__in=(Who.STRANGER, Who.MEMBER), withheld="").exclude(text="")
    searches = people.filter(surface__in=(Surface.PAGE, Surface.ASK, Surface.SUGGEST))
    opened = ResultOpened.objects.filter(search__in=searches).order_by("pk")
    yield from opened.values_list("search__normalized", "type", "object_id", "answered").iterator(chunk_size=_CHUNK)


def _public_documents(language: str) -> Iterator[SearchDocument]:
    """Yields what everybody may find in a language, as the search has it."""
    for kind in ("question", "article"):
        indexed = indexed_type(kind)
        if indexed is None:
            continue
        for keys in _chunks(DocumentKey(kind, each) for each in indexed.ids()):
            yield from (each for each in load_documents(keys)[0] if each.language == language)


def _chunks(keys: Iterable[DocumentKey]) -> Iterator[list[DocumentKey]]:
    chunk: list[DocumentKey] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == 500:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _text(document: SearchDocument) -> str:
    return f"{' '.join(document.title.split())}\n{document.body} {document.answers}".strip()[:LONGEST_DOCUMENT]


KINDS: Mapping[str, Callable[[str], Judgements]] = {
    "accepted": accepted_answers,
    "joined": joined_questions,
    "clicked": clicked_searches,
}
"""The kinds of set by the name that their files bear."""
