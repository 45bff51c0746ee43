"""How much of a query a document holds, by the weight of the words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import Expansion, SearchDocument
from search.queries.coverage import Asked, coverage

WORDS = {"printer": 1.0, "jams": 2.0, "photo": 3.0, "paper": 4.0}


def document(title: str, body: str = "", *, language: str | None = "en", **fields) -> SearchDocument:
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    values = {"type": "question", "id": "1", "created_at": moment, "updated_at": moment} | fields
    return SearchDocument(title=title, body=body, language=language, **values)


@pytest.mark.parametrize(
    ("held", "share"),
    [
        (document("Printer"), 0.1),
        (document("Nothing of it"), 0.0),
        (document("The printers jam", "on photo papers"), 1.0),
        (document("Jamming", answers="It was the PAPER."), 0.6),
        (document("Elsewhere", names=(("", "A photo"), ("ru", "Фото"))), 0.3),
    ],
    ids=["one", "none", "other forms", "body and answers", "another name"],
)
def test_words_count_by_their_weight_wherever_they_stand(held, share):
    assert coverage(held, WORDS, reads=("en",)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("word", "text", "language"),
    [
        ("принтеры", "Мой принтер молчит", "ru"),
        ("طابعات", "الطابعة لا تعمل", "ar"),
        ("プリ", "プリンターが動かない", "ja"),
        ("е-104", "Ошибка Е-104", "ru"),
        ("cafe", "The Café printer", "en"),
    ],
)
def test_each_script_by_its_own_forms(word, text, language):
    assert coverage(document(text, language=language), {word: 1.0}, reads=(language,)) == 1.0


def test_the_document_s_language_counts_though_the_reader_reads_another():
    german = document("Die Drucker streiken", language="de")
    assert coverage(german, {"drucker": 1.0}, reads=("en",)) == 1.0


class TestWhatIsMeantBesides:
    held = document("Принтер не печатает", language="ru")

    def test_a_translation_a_synonym_or_a_correction_is_held_for_its_words(self):
        also = [Expansion("принтер", 0.6, "printer", "translation")]
        assert coverage(self.held, {"printer": 1.0, "blinks": 1.0}, expansions=also) == 0.5

    def test_all_of_its_words_have_to_be_there(self):
        also = [Expansion("лазерный принтер", 0.6, "printer", "translation")]
        assert coverage(self.held, {"printer": 1.0}, expansions=also) == 0.0

    def test_what_stands_for_two_words_stands_for_both(self):
        also = [Expansion("powerbank", 0.6, "power bank", "joined")]
        assert coverage(document("My powerbank"), {"power": 1.0, "bank": 3.0}, expansions=also) == 1.0

    @pytest.mark.parametrize("meant", ["", "?!", "\x00"])
    def test_an_empty_one_stands_for_nothing(self, meant):
        assert coverage(self.held, {"printer": 1.0}, expansions=[Expansion(meant, 1.0, "printer")]) == 0.0

    def test_one_for_words_that_were_not_asked_adds_nothing(self):
        also = [Expansion("принтер", 0.6, "scanner")]
        assert coverage(self.held, {"printer": 1.0}, expansions=also) == 0.0


def test_without_words_there_is_no_share():
    assert coverage(document("Anything"), {}) is None
    assert coverage(document("Anything"), Asked().weights({})) is None


class TestWeights:
    asked = Asked({"printer": 400, "kyocera": 3, "flux": 0}, 1_000)

    def test_the_rarer_the_heavier_and_what_nobody_wrote_most(self):
        weights = self.asked.weights({})
        assert weights["flux"] > weights["kyocera"] > weights["printer"] > 0

    def test_another_form_of_an_everyday_word_is_none_the_rarer(self):
        weights = Asked({"printers": 0, "printer": 400}, 1_000).weights({"printers": 400})
        assert weights["printers"] == weights["printer"]

    @pytest.mark.parametrize("documents", [0, 1])
    def test_an_empty_index_weighs_too(self, documents):
        assert all(weight > 0 for weight in Asked({"printer": documents}, documents).weights({}).values())


texts = st.text(max_size=40)


@given(texts, st.dictionaries(texts.filter(bool), st.floats(0.1, 9), max_size=5), texts, texts)
def test_any_text_has_a_share_between_none_and_all(title, words, of, meant):
    share = coverage(document(title, language=None), words, reads=("ar", "ja"), expansions=[Expansion(meant, 1.0, of)])
    assert share is None if not words else 0 <= share <= 1.0000001


@given(
    st.lists(st.sampled_from(["printer", "jams", "photo", "paper", "other"]), max_size=6), st.sampled_from(list(WORDS))
)
def test_a_document_with_a_word_more_holds_no_less(held, more):
    before = coverage(document(" ".join(held)), WORDS)
    after = coverage(document(" ".join([*held, more])), WORDS)
    assert after >= before
