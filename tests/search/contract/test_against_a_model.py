"""Filters, permissions, facets, order and pages against a model in plain Python, on every engine."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from search.documents import FACETS, SPANS, SearchDocument, SearchRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.documents import START

TOKENS = ("public", "members", "space:1", "space:2", "space:12")
TYPES = ("question", "article", "event")
TOPICS = ("printers", "accounts", "invoices", "cables")
PRODUCTS = ("laser", "inkjet")
NOW = START + timedelta(days=500)
STATUSES = ("open", "answered", "closed", None)
LANGUAGES = ("en", "ru", "ja", "ar", None)
AUTHORS = ("maria", "tom", "ken", None)
WORDS = ("alpha", "beta", "gamma", "delta")
CASES = range(40)


def community(seed: int, size: int = 120) -> list[SearchDocument]:
    """Documents with every field at random; the same for the same seed."""
    chance = random.Random(seed)
    return [
        SearchDocument(
            type=chance.choice(TYPES),
            id=str(number),
            title=" ".join(chance.sample(WORDS, chance.randint(1, 3))),
            language=chance.choice(LANGUAGES),
            topics=tuple(chance.sample(TOPICS, chance.randint(0, 3))),
            products=tuple(chance.sample(PRODUCTS, chance.randint(0, 1))),
            status=chance.choice(STATUSES),
            accepted=chance.random() < 0.3,
            official=chance.random() < 0.2,
            answers_count=chance.randint(0, 4),
            author=chance.choice(AUTHORS),
            score=chance.randint(-5, 50),
            created_at=START + timedelta(days=(number * 7 % size) * 4, microseconds=number),
            updated_at=START + timedelta(hours=number * 11 % size),
            visibility=tuple(chance.sample(TOKENS, chance.randint(1, 2))),
        )
        for number in range(size)
    ]


def operators(chance: random.Random) -> list[str]:
    """None, one or two operators that do not name the same field: then either would do."""
    some = chance.sample([each for each in OPERATORS if each != "-alpha"], chance.randint(0, 2))
    names = {each.lstrip("-").partition(":")[0] for each in some}
    return some if len(names) == len(some) else some[:1]


def request_of(seed: int) -> SearchRequest:
    """A request with some of every filter at random."""
    chance = random.Random(1_000 + seed)

    def some(values: tuple[str, ...], share: float) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.randint(1, 2))) if chance.random() < share else ()

    return SearchRequest(
        text=" ".join([*chance.sample(WORDS, chance.randint(0, 1)), *operators(chance)]),
        types=some(TYPES, 0.4),
        topics=some(TOPICS, 0.4),
        statuses=some(("open", "answered", "closed"), 0.3),
        products=some(PRODUCTS, 0.2),
        languages=some(("en", "ru"), 0.3),
        authors=some(("maria", "tom"), 0.2),
        time=chance.choice([None, None, "year", "month", "week"]),
        now=NOW,
        visibility=tuple(chance.sample(TOKENS, chance.randint(0, 3))),
        exclude=tuple((chance.choice(TYPES), str(chance.randrange(120))) for _ in range(chance.randint(0, 5))),
        sort=chance.choice(["newest", "active", "votes"]),  # type: ignore[arg-type]
        limit=100,
    )


def values_of(document: SearchDocument, facet: str) -> tuple[str, ...]:
    """The values that a document has in a facet."""
    if facet == "time":
        return tuple(name for name, days in SPANS.items() if document.created_at >= NOW - timedelta(days=days))
    lists = {"topic": document.topics, "product": document.products}
    value = lists[facet] if facet in lists else getattr(document, facet)
    return value if isinstance(value, tuple) else (value,) if value else ()


def choices_of(request: SearchRequest) -> dict[str, tuple[str, ...]]:
    """What a request chooses in each facet."""
    return {
        "type": request.types,
        "topic": request.topics,
        "status": request.statuses,
        "product": request.products,
        "language": request.languages,
        "time": (request.time,) if request.time else (),
    }


OPERATORS: dict[str, Callable[[SearchDocument], bool]] = {
    "topic:printers": lambda document: "printers" in document.topics,
    "-topic:cables": lambda document: "cables" not in document.topics,
    "topic:laser": lambda document: "laser" in document.products,
    "product:inkjet,laser": lambda document: bool(document.products),
    "-product:laser": lambda document: "laser" not in document.products,
    "author:tom": lambda document: document.author == "tom",
    "-author:tom": lambda document: document.author != "tom",
    "language:ja,ar": lambda document: document.language in ("ja", "ar"),
    "is:accepted": lambda document: document.accepted,
    "-is:accepted": lambda document: not document.accepted,
    "is:official": lambda document: document.official,
    "is:unanswered": lambda document: document.type == "question" and not document.answers_count,
    "-is:unanswered": lambda document: document.type != "question" or bool(document.answers_count),
    "is:closed": lambda document: document.status == "closed",
    "answers:>1": lambda document: document.answers_count > 1,
    "answers:1..2": lambda document: 1 <= document.answers_count <= 2,
    "-answers:0": lambda document: document.answers_count != 0,
    "after:2025-06": lambda document: document.created_at >= datetime(2025, 6, 1, tzinfo=UTC),
    "before:2025-09-15": lambda document: document.created_at < datetime(2025, 9, 15, tzinfo=UTC),
    "-before:2025-03": lambda document: document.created_at >= datetime(2025, 3, 1, tzinfo=UTC),
    "-alpha": lambda document: "alpha" not in document.title.split(),
}


def answers(document: SearchDocument, piece: str) -> bool:
    """Whether a document answers one piece of a query: an operator or a word of the title."""
    return OPERATORS[piece](document) if piece in OPERATORS else piece in document.title.split()


def is_found(document: SearchDocument, request: SearchRequest, leaving_out: str = "") -> bool:
    """Whether a document answers a request, but for the choice in one facet."""
    chosen = all(
        not wanted or facet == leaving_out or set(wanted) & set(values_of(document, facet))
        for facet, wanted in choices_of(request).items()
    )
    return bool(
        chosen
        and set(document.visibility) & set(request.visibility)
        and all(answers(document, piece) for piece in request.text.split())
        and (not request.authors or document.author in request.authors)
        and (document.type, document.id) not in request.exclude
    )


def key_of(document: SearchDocument, sort: str) -> tuple[float, ...]:
    """The value that an order compares, the greatest first."""
    if sort == "votes":
        return (document.score, document.created_at.timestamp())
    return ((document.created_at if sort == "newest" else document.updated_at).timestamp(),)


@pytest.fixture(scope="module")
def documents() -> list[SearchDocument]:
    return community(seed=5)


@pytest.fixture(scope="module")
def filled(module_engine: SearchEngine, documents: list[SearchDocument]) -> Iterator[SearchEngine]:
    module_engine.commit_generation(module_engine.create_generation())
    fill(module_engine, *documents)
    yield module_engine


@pytest.mark.parametrize("seed", CASES)
def test_exactly_the_right_documents_are_found(
    filled: SearchEngine, documents: list[SearchDocument], seed: int
) -> None:
    request = request_of(seed)
    expected = {document.key for document in documents if is_found(document, request)}
    result = filled.search(request)
    assert {found.document.key for found in result.found} == expected
    assert result.total == len(expected)


@pytest.mark.parametrize("seed", CASES)
def test_facets_count_exactly(filled: SearchEngine, documents: list[SearchDocument], seed: int) -> None:
    request = request_of(seed)
    facets = filled.search(request).facets
    for facet in FACETS:
        expected: Counter[str] = Counter()
        for document in documents:
            if is_found(document, request, leaving_out=facet):
                expected.update(values_of(document, facet))
        assert dict(facets[facet]) == dict(expected), facet


@pytest.mark.parametrize("seed", CASES)
def test_the_order_is_the_one_asked_for(filled: SearchEngine, documents: list[SearchDocument], seed: int) -> None:
    request = request_of(seed)
    keys = [key_of(found.document, request.sort) for found in filled.search(request).found]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("size", [1, 7, 40])
def test_pages_of_any_size_hold_everything_once(
    filled: SearchEngine, documents: list[SearchDocument], size: int
) -> None:
    everything = [document for document in documents if "public" in document.visibility]
    seen = []
    for offset in range(0, len(everything), size):
        page = filled.search(SearchRequest(sort="newest", offset=offset, limit=size))
        seen += [found.document.key for found in page.found]
    assert len(seen) == len(set(seen)) == len(everything)


@pytest.mark.parametrize("token", TOKENS)
def test_one_token_opens_its_documents_and_no_other(
    filled: SearchEngine, documents: list[SearchDocument], token: str
) -> None:
    found = filled.search(SearchRequest(visibility=(token,), limit=100)).found
    assert {each.document.id for each in found} == {each.id for each in documents if token in each.visibility}
