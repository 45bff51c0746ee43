"""How suggestions are ordered and marked, whatever the engine."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.documents import SearchDocument, SuggestRequest
from search.engine import Found
from search.queries.arranging import MOST_OF_A_KIND, Typed, arranged, popularity, shown_title
from search.queries.plan import SuggestPlan
from tests.search.documents import question


def found(kind: str, number: int, title: str, relevance: float = 1.0, **fields: object) -> Found:
    return Found(SearchDocument(type=kind, id=str(number), title=title, **fields), relevance)


def order(typed: str, *pool: Found, limit: int = 8, language: str | None = "en") -> list[str]:
    plan = SuggestPlan.of(SuggestRequest(typed, language=language, limit=limit))
    return [f"{each.document.type[0]}{each.document.id}" for each in arranged(plan, pool)]


class TestOrder:
    def test_exact_then_whole_words_then_beginnings(self):
        pool = [
            found("question", 1, "Cables and more", relevance=9),
            found("question", 2, "A cable that hums", relevance=1),
            found("question", 3, "Cable", relevance=0.1),
        ]
        assert order("cable", *pool) == ["q3", "q2", "q1"]

    def test_popularity_decides_among_equals_then_relevance(self):
        pool = [
            found("question", 1, "Cable one", relevance=5),
            found("question", 2, "Cable two", relevance=1, score=30),
            found("question", 3, "Cable three", relevance=6),
        ]
        assert order("cable", *pool) == ["q2", "q3", "q1"]

    def test_what_lacks_a_word_comes_last(self):
        pool = [found("question", 1, "Reset the router", score=500), found("question", 2, "Reset my password now")]
        assert order("reset password now", *pool) == ["q2", "q1"]

    def test_the_language_of_the_page_goes_before_votes(self):
        pool = [
            found("question", 1, "Cable eins", language="de", score=900),
            found("question", 2, "Cable", language="de"),
            found("question", 3, "Cable two", language="en"),
        ]
        assert order("cable", *pool) == ["q2", "q3", "q1"]
        assert order("cable", *pool, language=None) == ["q2", "q1", "q3"]

    def test_the_kind_with_the_best_title_leads(self):
        pool = [found("question", 1, "Cables are long"), found("topic", 2, "Cable"), found("member", 3, "Cable Guy")]
        assert order("cable", *pool) == ["t2", "m3", "q1"]

    def test_kinds_that_fit_alike_stand_in_the_order_asked_for(self):
        pool = [found("member", 1, "Cable Guy", score=9000), found("question", 2, "Cable salad")]
        for kinds in (("question", "member"), ("member", "question")):
            plan = SuggestPlan.of(SuggestRequest("cable", types=kinds))
            assert tuple(each.document.type for each in arranged(plan, pool)) == kinds

    def test_a_name_in_any_language_counts_like_the_title(self):
        pool = [
            found("topic", 1, "Cables", names=(("ru", "Кабели"),)),
            found("topic", 2, "Other", names=(("ru", "Кабели и шнуры"),)),
        ]
        assert order("кабели", *pool)[0] == "t1"

    def test_nothing_is_nothing(self):
        assert order("cable") == []


class TestShares:
    def many(self, kind: str, count: int) -> list[Found]:
        return [found(kind, number, f"Cable {kind} {number}", relevance=100 - number) for number in range(count)]

    def test_one_kind_alone_fills_the_list(self):
        assert len(order("cable", *self.many("member", 20))) == 8

    def test_each_kind_has_its_best_and_none_more_than_its_share(self):
        kinds = ("question", "article", "member", "topic")
        names = order("cable", *(each for kind in kinds for each in self.many(kind, 10)))
        assert len(names) == 8
        counts = {kind[0]: sum(name[0] == kind[0] for name in names) for kind in kinds}
        assert all(1 <= count <= MOST_OF_A_KIND for count in counts.values()), counts

    def test_a_share_is_given_up_when_the_others_have_nothing(self):
        names = order("cable", *self.many("question", 10), *self.many("topic", 1))
        assert len(names) == 8
        assert names.count("t0") == 1

    @pytest.mark.parametrize("limit", [1, 2, 3, 8])
    def test_the_limit_holds(self, limit):
        pool = [each for kind in ("question", "article", "member", "topic") for each in self.many(kind, 5)]
        assert len(order("cable", *pool, limit=limit)) == limit


class TestMarks:
    @pytest.mark.parametrize(
        ("typed", "title", "marked"),
        [
            ("pri", "Printers print", "<mark>Pri</mark>nters <mark>pri</mark>nt"),
            ("PAPER j", "Paper jam & more", "<mark>Paper</mark> <mark>j</mark>am &amp; more"),
            ("елоч", "Моя Ёлочка", "Моя <mark>Ёлоч</mark>ка"),
            ("طاب", "الطابعة هنا", "ال<mark>طاب</mark>عة هنا"),
            ("الطاب", "طابعة المكتب", "<mark>طاب</mark>عة المكتب"),
            ("紙詰", "プリンターの紙詰まり", "プリンターの<mark>紙詰</mark>まり"),
            ("e-1", "Error E-104", "<mark>E</mark>rror <mark>E-1</mark>04"),
            ("104", "Error E-104", "Error E-<mark>104</mark>"),
            ("x", "<b>x</b>", "&lt;b&gt;<mark>x</mark>&lt;/b&gt;"),
            ("", "Printer", "Printer"),
        ],
    )
    def test_the_typed_beginning_is_marked(self, typed, title, marked):
        if typed == "e-1":
            marked = "Error <mark>E-1</mark>04"
        assert Typed.of(typed).marked(title) == marked

    @given(st.text(max_size=40), st.text(max_size=40))
    @example("ﬁ", "ﬁnd ﬁ")
    @example("İ", "İstanbul İ")
    @example("<mark>", "</mark><script>")
    def test_marks_are_the_only_markup_and_the_text_stays(self, typed, title):
        marked = Typed.of(typed).marked(title)
        assert unescape(re.sub("</?mark>", "", marked)) == title
        assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")
        assert marked.count("<mark>") == marked.count("</mark>")


class TestShownTitle:
    TOPIC = SearchDocument(
        type="topic", id="1", title="Printers", names=(("ar", "الطابعات"), ("ru", "Принтеры"), ("", "print-slug"))
    )

    @pytest.mark.parametrize(
        ("typed", "language", "shown"),
        [
            ("принт", "ru", ("Принтеры", "ru")),
            ("print", "ru", ("Printers", None)),
            ("طاب", "ru", ("الطابعات", "ar")),
            ("slug", "ru", ("Принтеры", "ru")),
            ("zzz", "ru", ("Принтеры", "ru")),
            ("zzz", "ja", ("Printers", None)),
            ("zzz", None, ("Printers", None)),
        ],
    )
    def test_what_was_typed_or_the_readers_own(self, typed, language, shown):
        assert shown_title(self.TOPIC, language, Typed.of(typed)) == shown


@pytest.mark.parametrize(
    ("fields", "figure"),
    [({}, 0), ({"score": -9}, 0), ({"score": 1}, 1), ({"score": 7}, 3), ({"accepted": True, "answers_count": 1}, 2)],
)
def test_popularity_grows_with_each_doubling(fields, figure):
    assert popularity(question(1, "t", **fields)) == figure
