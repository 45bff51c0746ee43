"""The termbase of a process follows its source: soon, cheaply, and through failures."""

import threading

import pytest

from portal.curation import apps as curation
from search import synonyms
from search.following import Followed
from search.synonyms import Concept, Term, Termbase, TermSource

CHECK = 10


class Shelf:
    """A source in memory that counts how often it is asked."""

    def __init__(self) -> None:
        self.number, self.concepts, self.asked, self.read, self.broken = 1, [], 0, 0, False

    def version(self) -> int:
        self.asked += 1
        if self.broken:
            raise OSError("the table is away")
        return self.number

    def load(self) -> list[Concept]:
        self.read += 1
        return list(self.concepts)

    def publish(self, *pair: str) -> None:
        self.number += 1
        self.concepts.append(Concept("/".join(pair), tuple(map(Term, pair))))

    def termbase(self) -> Termbase:
        return Termbase(self.load())


@pytest.fixture
def clock(monkeypatch):
    """Seconds that only the test moves."""
    now = [1_000.0]
    monkeypatch.setattr("search.following.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def shelf(settings):
    settings.SEARCH = {**settings.SEARCH, "TERMS_CHECK_SECONDS": CHECK}
    return Shelf()


@pytest.fixture
def live(shelf):
    made = Followed("termbase", empty=Termbase())
    made.follow(version=shelf.version, read=shelf.termbase)
    return made


def meant(live: Followed[Termbase], text: str = "sofa") -> list[str]:
    return [each.text for each in live.current().expansions_for(text)]


def test_a_change_is_found_after_the_interval_and_the_source_is_asked_once_in_it(live, shelf, clock):
    shelf.publish("sofa", "couch")
    for _ in range(50):
        assert meant(live) == ["couch"]
    assert (shelf.asked, shelf.read) == (1, 1)
    shelf.publish("sofa", "settee")
    clock[0] += CHECK - 0.1
    assert meant(live) == ["couch"]
    clock[0] += 0.1
    assert meant(live) == ["couch", "settee"]
    assert (shelf.asked, shelf.read) == (2, 2)


def test_an_unchanged_version_reads_no_concepts(live, shelf, clock):
    for _ in range(5):
        live.current()
        clock[0] += CHECK
    assert (shelf.asked, shelf.read) == (5, 1)


def test_who_publishes_sees_it_at_once(live, shelf, clock):
    assert meant(live) == []
    shelf.publish("sofa", "couch")
    live.look_soon()
    assert meant(live) == ["couch"]


def test_a_source_that_fails_leaves_what_was_known_and_is_asked_again(live, shelf, clock, caplog):
    shelf.publish("sofa", "couch")
    assert meant(live) == ["couch"]
    shelf.broken = True
    shelf.publish("sofa", "settee")
    clock[0] += CHECK
    for _ in range(3):
        assert meant(live) == ["couch"]
    assert caplog.text.count("could not be read") == 1
    shelf.broken = False
    clock[0] += CHECK
    assert meant(live) == ["couch", "settee"]


def test_a_source_that_fails_from_the_start(live, shelf, clock):
    shelf.broken = True
    assert meant(live) == [] and not live.current().is_protected("sofa")
    assert shelf.asked == 1
    shelf.broken, clock[0] = False, clock[0] + CHECK
    shelf.publish("sofa", "couch")
    assert meant(live) == ["couch"]


def test_a_change_between_version_and_concepts_is_not_missed(shelf, clock):
    live = Followed("termbase", empty=Termbase())

    def load() -> list[Concept]:
        before = list(shelf.concepts)
        if not before:
            shelf.publish("sofa", "couch")
        return before

    live.follow(version=shelf.version, read=lambda: Termbase(load()))
    assert meant(live) == []
    clock[0] += CHECK
    assert meant(live) == ["couch"]


def test_searches_do_not_wait_for_another_one_that_reads(shelf, clock):
    live = Followed("termbase", empty=Termbase())
    shelf.publish("sofa", "couch")
    live.follow(version=shelf.version, read=shelf.termbase)
    live.current()
    started, go = threading.Event(), threading.Event()

    def slow() -> int:
        started.set()
        go.wait(10)
        return 99

    live._version_of = slow
    clock[0] += CHECK
    reader = threading.Thread(target=live.current)
    reader.start()
    assert started.wait(10)
    assert meant(live) == ["couch"], "at once, though the other one still reads"
    go.set()
    reader.join(10)
    assert live._version == 99


def test_without_a_source_there_is_no_termbase():
    assert Followed("termbase", empty=Termbase()).current().concepts == ()


def test_a_registered_source_is_followed(shelf, clock):
    shelf.publish("sofa", "couch")
    try:
        synonyms.register_source(TermSource(shelf.version, shelf.load))
        assert [each.text for each in synonyms.current().expansions_for("sofas")] == ["couch"]
        shelf.publish("lamp", "light")
        synonyms.changed()
        assert [each.text for each in synonyms.current().expansions_for("lamps")] == ["light"]
    finally:
        curation.register_live()


def test_another_termbase_within_a_block_only():
    other = Termbase([Concept("rill", (Term("Rill"),), protected=True)])
    assert not synonyms.is_protected("rill")
    with synonyms.using(other):
        assert synonyms.is_protected("rill") and synonyms.current() is other
    assert not synonyms.is_protected("rill")
