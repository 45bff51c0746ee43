"""What the words of a query may have meant besides, given what the index knows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.documents import SearchDocument
from search.engine import Found, WordsKnown
from search.queries.rewriting import (
    MOST_STEMMED,
    Correction,
    QueryWords,
    Rewriting,
    corrected_text,
    rare_documents,
    rewrite,
    splits,
)
from search.queries.weights import MISSPELT

QUICK = settings(max_examples=40, deadline=None)
ANY_TEXT = st.one_of(st.text(max_size=80), st.text(alphabet="abпрابカード -\"'.,!?:٣1", max_size=60))


def rewritten(typed: str, near: dict[str, dict[str, int]] | None = None, **documents: int) -> Rewriting:
    """What a query comes to; ``documents`` and ``near`` are what the index knows."""
    found = {word: tuple(each.items()) for word, each in (near or {}).items()}
    return rewrite(QueryWords.of(typed), WordsKnown(documents, {}, found))


def test_the_words_of_a_query_are_looked_up_without_stop_words_codes_and_operators() -> None:
    query = QueryWords.of('How do I reset the Pasword of E-104 -secret "Red lamp" is:accepted')
    assert query.words == ("reset", "pasword", "red", "lamp")


def test_of_a_japanese_run_its_katakana_words_are_looked_up() -> None:
    assert QueryWords.of("パソワードを忘れたプリンタの設定").words == ("パソワード", "プリンタ")


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("ぱすわーどを忘れた", {"パスワード": 2}, ["パスワード"]),
        ("りんご", {"リンゴ": 2}, ["リンゴ"]),
        ("リンゴジャム", {"りんごじゃむ": 1}, ["りんごじゃむ"]),
        ("りんご", {"リンゴ": 2, "りんご": 1}, []),
        ("ぱすわーど", {}, []),
    ],
)
def test_a_word_in_the_other_kana(typed: str, known: dict[str, int], expected: list[str]) -> None:
    assert [each.text for each in rewritten(typed, **known).expansions] == expected


def test_words_kept_are_not_looked_up() -> None:
    assert QueryWords.of("hiroba printer", keep=lambda word: word == "hiroba").words == ("printer",)


def test_neighbouring_words_are_joined() -> None:
    assert QueryWords.of("my power bank is on").joins == {
        "mypower": "my power",
        "powerbank": "power bank",
        "bankis": "bank is",
    }
    assert QueryWords.of("E-104 lamp 印刷 機").joins == {}


def test_the_ways_to_split_a_word() -> None:
    assert splits("wifi") == ["wi fi"]
    assert splits("login") == ["lo gin", "log in"]
    assert splits("abc") == splits("e-104") == splits("") == []


def test_an_unknown_word_is_expanded_by_the_words_near_to_it() -> None:
    rewriting = rewritten("reset pasword", {"pasword": {"password": 9, "passport": 0}}, reset=3, pasword=0)
    assert [(each.text, each.of, each.kind) for each in rewriting.expansions] == [("password", "pasword", "spelling")]
    assert rewriting.corrected == "reset password"


def test_candidates_share_the_weight_by_their_likelihood() -> None:
    near = {"cabel": {"cable": 16, "camel": 16, "babel": 1}}
    weights = {each.text: each.weight for each in rewritten("cabel", near).expansions}
    assert weights["cable"] > weights["camel"] > 0
    assert sum(weights.values()) <= MISSPELT + 0.01


@pytest.mark.parametrize(
    ("typed", "near", "told"),
    [
        ("принтир", {"принтер": 3}, True),
        ("принтеру", {"принтера": 3}, False),
        ("للطابعه", {"الطابعه": 3}, False),
        ("الطابقه", {"الطابعه": 3}, True),
        ("rable", {"table": 4, "fable": 4, "cable": 4}, False),
        ("printrr", {"printer": 3}, True),
    ],
)
def test_a_reader_is_told_of_what_is_surely_an_error(typed: str, near: dict[str, int], told: bool) -> None:
    rewriting = rewritten(typed, {typed: near})
    assert rewriting.expansions
    assert (rewriting.corrected is not None) is told


def test_a_known_word_is_left_alone_unless_it_is_rare_beside_another() -> None:
    assert rewritten("form", {"form": {"from": 30}}, form=2).expansions == ()
    [expansion] = rewritten("pasword", {"pasword": {"password": 40}}, pasword=2).expansions
    assert expansion.weight < MISSPELT / 2
    assert rewritten("pasword", {"pasword": {"password": 40}}, pasword=2).corrected is None


def test_a_word_known_by_its_stem_is_not_put_right_but_may_be_expanded() -> None:
    known = WordsKnown({"cleaned": 0}, {"cleaned": 3}, {"cleaned": (("cleaner", 5),)})
    rewriting = rewrite(QueryWords.of("cleaned"), known)
    assert rewriting.corrected is None
    assert [each.text for each in rewriting.expansions] == ["cleaner"]


def test_stop_words_are_no_corrections() -> None:
    assert rewritten("wich printer", {"wich": {"which": 500}}, printer=3).expansions == ()


def test_a_joined_word_is_split_and_split_words_are_joined() -> None:
    split = rewritten("powerbank", {"powerbank": {"power bank": 3}})
    assert [(each.text, each.kind) for each in split.expansions] == [("power bank", "split")]
    assert split.corrected == "power bank"
    joined = rewritten("power bank", power=4, bank=2, powerbank=5)
    assert [(each.text, each.of, each.kind) for each in joined.expansions] == [("powerbank", "power bank", "joined")]
    assert joined.corrected is None


@pytest.mark.parametrize(
    ("typed", "known", "corrected"),
    [
        ("ghbdtn", {"привет": 2}, "привет"),
        ("ghbdtn", {"привет": 2, "ghbdtn": 1}, None),
        ("ghbdtn", {}, None),
        ("lvpfh!", {"مرحبا": 2}, "مرحبا!"),
        ("printer ghj,ktvf", {"printer": 3, "проблема": 2}, "printer проблема"),
        ("Ghbdtn, printer", {"printer": 3, "привет": 2}, "Привет, printer"),
        ("pasuwa-do reset", {"パスワード": 2, "reset": 1, "do": 900}, "パスワード reset"),
        ("ns", {"ты": 5}, None),
        ("rfr gfhjkm", {"пароль": 2}, "как пароль"),
        ("rfr gfhjkm", {"пароль": 2, "rfr": 1}, "rfr пароль"),
        ("rfr password", {"password": 2}, None),
        ("rfr lvpfh", {"مرحبا": 2}, "rfr مرحبا"),
    ],
)
def test_another_layout_is_read_when_only_that_is_known(typed: str, known: dict[str, int], corrected: str) -> None:
    assert rewritten(typed, **known).corrected == corrected


@pytest.mark.parametrize(
    ("typed", "by_stem", "corrected"),
    [
        ("djls", {"воды": 4}, "воды"),
        ("vfkj djls", {"воды": 4, "мало": 1}, "мало воды"),
        ("djls", {}, None),
        ("ljv", {"дом": 4}, None),  # too short for its stem to say much
    ],
)
def test_another_layout_may_give_a_form_that_stands_nowhere(
    typed: str, by_stem: dict[str, int], corrected: str
) -> None:
    query = QueryWords.of(typed)
    assert set(by_stem) & {each for each in by_stem if len(each) > 3} <= set(query.stemmed)
    assert rewrite(query, WordsKnown({}, by_stem, {})).corrected == corrected


def test_few_stems_are_asked_for_however_long_the_query() -> None:
    assert len(QueryWords.of("gfhjkm ghbdtn djls vfkj gjkbd zblrj ktcf yjxm").stemmed) == MOST_STEMMED


def test_a_word_read_with_another_layout_is_not_a_misspelling_too() -> None:
    rewriting = rewritten("ghbdtn", {"ghbdtn": {"gobdtn": 3}}, привет=2)
    assert [each.kind for each in rewriting.expansions] == ["layout"]


@pytest.mark.parametrize(
    ("typed", "corrections", "expected"),
    [
        ("Pasword, reset!", {"pasword": "password"}, "Password, reset!"),
        ("PASWORD", {"pasword": "password"}, "PASSWORD"),
        ("pasword pasword", {"pasword": "password"}, "password password"),
        ('"pasword" -x  is:open', {"pasword": "password"}, '"password" -x  is:open'),
        ("パソワードを忘れた", {"パソワード": "パスワード"}, "パスワードを忘れた"),
        ("nothing here", {"pasword": "password"}, "nothing here"),
        ("الطباعه أين", {"اين": "اى"}, "الطباعه اى"),
    ],
)
def test_only_the_words_put_right_change(typed: str, corrections: dict[str, str], expected: str) -> None:
    assert corrected_text(typed, [Correction(*pair) for pair in corrections.items()]) == expected


def found(text: str) -> list[Found]:
    return [Found(SearchDocument(type="question", id="1", title=text), 1.0)]


@pytest.mark.parametrize(
    ("typed", "meant", "text", "shown"),
    [
        ("pasword", "password", "My Password is lost", "password"),
        ("pasword", "password", "Passwords are lost", None),
        ("طابعة", "الطابعه", "أين الطّابعة", "الطّابعة"),
        ("елк", "елка", "Зелёная ёлка", "ёлка"),
        ("powerbank", "power bank", "a power-bank", "power-bank"),
        ("パソワード", "パスワード", "新パスワード設定", "パスワード"),
        ("wfii", "wifi", "Where is the Wi-Fi?", "wi-fi"),
        ("wfii", "wifi", "A wide field", None),
    ],
)
def test_a_correction_is_shown_as_the_documents_found_spell_it(
    typed: str, meant: str, text: str, shown: str | None
) -> None:
    rewriting = Rewriting(typed, (), (Correction(QueryWords.of(typed).words[0], meant),))
    assert rewriting.corrected_by(found(text)) == shown
    assert rewriting.corrected_by([]) is None


def test_of_another_layout_any_form_is_told() -> None:
    rewriting = rewrite(QueryWords.of("vfkj djls"), WordsKnown({"мало": 3, "воды": 1}, {"воды": 4}, {}))
    assert rewriting.corrected_by(found("Мало воды?")) == "мало воды"
    assert rewriting.corrected_by(found("Вода уходит, её мало")) == "мало воды"
    assert rewriting.corrected_by(found("Мало света")) == "мало djls"
    assert rewriting.corrected_by(found("Лампа мигает")) is None


@given(ANY_TEXT)
@QUICK
def test_any_text_is_looked_up_and_corrected_without_an_error(typed: str) -> None:
    query = QueryWords.of(typed)
    assert "" not in query.words
    everything = dict.fromkeys(query.looked_up, 1)
    near = {word: tuple((each, 2) for each in splits(word)) for word in query.words}
    rewriting = rewrite(query, WordsKnown(everything, {}, near))
    assert all(0 <= each.weight <= 1 for each in rewriting.expansions)
    rewriting.corrected_by(found(typed))


@given(ANY_TEXT, st.text(alphabet="abпрاカ", min_size=1, max_size=5))
@QUICK
def test_a_text_without_the_word_is_left_to_the_letter(typed: str, word: str) -> None:
    if word.lower() not in typed.lower():
        assert corrected_text(typed, [Correction("zzzz", word)]) == typed


@pytest.mark.parametrize(("documents", "rare"), [(0, 2), (240, 2), (100_000, 100)])
def test_how_rare_a_misspelling_may_be(documents: int, rare: int) -> None:
    assert rare_documents(documents) == rare
