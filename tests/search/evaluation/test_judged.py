"""Reading judged sets, and refusing what is none with one line that names the file."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.judged import JudgedSetError, has_titles, load_judged_set, split_question
from tests.search.evaluation.sets import DOCS, QUERIES, small_set, written


def test_a_set_is_read(tmp_path: Path) -> None:
    judged = load_judged_set(written(tmp_path))
    assert judged.name == "small_en"
    assert judged.language == "en"
    assert judged.endpoint is None
    assert judged.documents["d1"].title == "Reset the password"
    assert judged.documents["d1"].body.startswith("Open the sign-in page")
    assert judged.queries == QUERIES
    assert judged.qrels["q2"] == {"d2": 2}


@pytest.mark.parametrize(
    ("name", "said", "given_one", "found"),
    [
        ("faq_ru.json", None, None, "ru"),
        ("faq-ja.json", None, None, "ja"),
        ("faq_ru.json", "ar", None, "ar"),
        ("faq_ru.json", "ar", "ja", "ja"),
        ("faq.json", None, None, "en"),
    ],
)
def test_the_language_is_what_is_said_first(
    tmp_path: Path, name: str, said: str | None, given_one: str | None, found: str
) -> None:
    path = written(tmp_path, name, **({"language": said} if said else {}))
    assert load_judged_set(path, language=given_one).language == found


@pytest.mark.parametrize(
    ("text", "language"),
    [("Не печатает принтер", "ru"), ("パスワードを忘れました", "ja"), ("نسيت كلمة المرور", "ar"), ("12 34", None)],
)
def test_a_set_without_a_name_for_its_language_is_read_by_its_script(
    tmp_path: Path, text: str, language: str | None
) -> None:
    path = written(tmp_path, "set.json", docs=dict.fromkeys(DOCS, text))
    assert load_judged_set(path).language == language


def test_a_set_of_its_own_documents_is_for_the_similar_endpoint(tmp_path: Path) -> None:
    docs = {"1": "How do I reset it?\n I forgot it.", "2": "Password is lost!\n What now"}
    queries = {"1": "How do I reset it?  I forgot it."}
    path = written(tmp_path, docs=docs, queries=queries, qrels={"1": {"2": 1}})
    assert load_judged_set(path).endpoint == "similar"
    assert load_judged_set(path, endpoint="search").endpoint == "search"


def test_equal_ids_alone_do_not_make_it_similar(tmp_path: Path) -> None:
    path = written(tmp_path, docs={"1": "One text", "2": "Two"}, queries={"1": "Other words"}, qrels={"1": {"2": 1}})
    assert load_judged_set(path).endpoint is None


def test_passages_have_no_titles(tmp_path: Path) -> None:
    path = written(tmp_path, docs=dict.fromkeys(DOCS, "One long line. " * 30))
    judged = load_judged_set(path)
    assert judged.documents["d1"].title == ""
    assert judged.label_of("d1").startswith("One long line.")
    assert len(judged.label_of("d1")) <= 200
    assert judged.label_of("unknown") == "unknown"


def test_titles_may_be_said(tmp_path: Path) -> None:
    assert load_judged_set(written(tmp_path, titles=False)).documents["d1"].title == ""
    assert not has_titles({})


def test_queries_without_a_relevant_document_are_left_out_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, qrels={"q1": {"d1": 1, "gone": 1}, "q2": {"d2": 0}, "q9": {"d1": 1}})
    judged = load_judged_set(path)
    assert list(judged.queries) == ["q1"]
    assert (judged.skipped, judged.missing) == (2, 1)


def test_a_set_that_changed_has_another_digest(tmp_path: Path) -> None:
    same = [load_judged_set(written(tmp_path, name)).digest for name in ("a_en.json", "b_en.json")]
    other = load_judged_set(written(tmp_path, qrels={"q1": {"d2": 1}})).digest
    assert same[0] == same[1] != other


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"docs": []}, '"docs" is not an object of texts'),
        ({"docs": {}}, '"docs" is not an object of texts'),
        ({"docs": {"d1": 5}}, "\"docs\" has no text under 'd1'"),
        ({"queries": None}, '"queries" is not an object of texts'),
        ({"qrels": None}, '"qrels" is not an object'),
        ({"qrels": {"q1": ["d1"]}}, "\"qrels\" has no whole grades under 'q1'"),
        ({"qrels": {"q1": {"d1": "1"}}}, "\"qrels\" has no whole grades under 'q1'"),
        ({"qrels": {"q1": {"d1": True}}}, "\"qrels\" has no whole grades under 'q1'"),
        ({"qrels": {"q1": {"gone": 1}}}, "no query has a relevant document"),
        ({"endpoint": "suggest"}, "its endpoint is 'suggest'"),
    ],
)
def test_what_is_no_set_is_refused_with_its_name(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(JudgedSetError) as caught:
        load_judged_set(path)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000], ids=lambda content: repr(content[:4])
)
def test_any_bytes_that_are_no_set_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(JudgedSetError, match=r"broken\.json"):
        load_judged_set(path)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(JudgedSetError):
            load_judged_set(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "marked_en.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(small_set()).encode())
    assert load_judged_set(path).name == "marked_en"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Why?\nBecause I ask.", "Why?", "Because I ask."),
        ("How can it be used?  It is a logic. Is it?", "How can it be used?", "It is a logic. Is it?"),
        ("What is A.I. and why?  I wonder.", "What is A.I. and why?", "I wonder."),
        ("Does it print? Mine does not.", "Does it print?", "Mine does not."),
        ("It does not print. What now", "It does not print.", "What now"),
        ("パスワードを忘れました。どうすれば?", "パスワードを忘れました。", "どうすれば?"),
        ("لماذا لا يعمل؟ أعدت التشغيل", "لماذا لا يعمل؟", "أعدت التشغيل"),
        ("only words", "only words", ""),
        ("", "", ""),
    ],
)
def test_a_question_in_one_piece_has_a_title_and_a_body(text: str, title: str, body: str) -> None:
    assert split_question(text) == (title, body)


@given(st.text(max_size=300))
def test_splitting_loses_nothing_but_blanks(text: str) -> None:
    title, body = split_question(text)
    assert "".join((title + body).split()) == "".join(text.split())
