"""TREC's files: topics, judgements, documents, in whichever order they are named."""

import itertools
import json
from pathlib import Path

import pytest

from search.documents import SearchDocument
from search.evaluation.judged import JudgedSetError
from search.evaluation.trec import load_trec_set
from tests.search.evaluation.sets import DOCS, QRELS, QUERIES

CLASSIC = """
<top>
<num> Number: 401
<title> foreign minorities,
Germany
<desc> Description:
What language and cultural differences impede integration?
<narr> Narrative:
A relevant document …
</top>

<top>
<num>402</num>
<title>behavioral genetics</title>
</top>
"""


def qrels_file(folder: Path, qrels: dict[str, dict[str, int]] = QRELS, name: str = "qrels.txt") -> Path:
    path = folder / name
    lines = [f"{query} 0 {doc} {grade}" for query, grades in qrels.items() for doc, grade in grades.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def topics_file(folder: Path, topics: dict[str, str] = QUERIES, name: str = "topics_en.tsv") -> Path:
    path = folder / name
    path.write_text("".join(f"{each}\t{text}\n" for each, text in topics.items()), encoding="utf-8")
    return path


def documents_file(folder: Path, name: str = "documents.jsonl") -> Path:
    path = folder / name
    rows = [{"_id": each, "title": text.split("\n")[0], "text": text.split("\n")[1]} for each, text in DOCS.items()]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_three_files_in_any_order_make_a_set(tmp_path: Path) -> None:
    files = [topics_file(tmp_path), qrels_file(tmp_path), documents_file(tmp_path)]
    for order in itertools.permutations(files):
        judged = load_trec_set(order)
        assert judged.name == "topics_en"
        assert judged.language == "en"
        assert judged.queries == QUERIES
        assert judged.documents["d2"].title == "Refund after a return"
        assert judged.qrels["q2"] == {"d2": 2}


def test_documents_in_lines_of_two_columns_are_told_from_topics_by_what_is_judged(tmp_path: Path) -> None:
    documents = topics_file(tmp_path, {each: text.replace("\n", " ") for each, text in DOCS.items()}, "aaa.tsv")
    for order in itertools.permutations([topics_file(tmp_path), qrels_file(tmp_path), documents]):
        judged = load_trec_set(order)
        assert set(judged.documents) == set(DOCS)
        assert judged.documents["d1"].title == ""


def test_documents_in_lines_of_three_columns_have_titles(tmp_path: Path) -> None:
    documents = topics_file(tmp_path, {each: text.replace("\n", "\t") for each, text in DOCS.items()}, "docs.tsv")
    judged = load_trec_set([documents, topics_file(tmp_path), qrels_file(tmp_path)])
    assert judged.documents["d1"].title == "Reset the password"
    assert judged.documents["d1"].body.startswith("Open the sign-in")


def test_the_same_ids_on_both_sides_are_told_apart_by_number(tmp_path: Path) -> None:
    """Topics and documents numbered alike: the longer file holds the documents."""
    documents = topics_file(tmp_path, {str(each): f"text {each}" for each in range(20)}, "a.tsv")
    topics = topics_file(tmp_path, {"1": "first words", "2": "second words"}, "b.tsv")
    judged = load_trec_set([documents, qrels_file(tmp_path, {"1": {"2": 1}, "2": {"1": 1}}), topics])
    assert judged.queries == {"1": "first words", "2": "second words"}
    assert len(judged.documents) == 20


def test_classic_topics(tmp_path: Path) -> None:
    topics = tmp_path / "topics.401-402"
    topics.write_text(CLASSIC)
    qrels = qrels_file(tmp_path, {"401": {"d1": 1}, "402": {"d2": 1}})
    judged = load_trec_set([topics, qrels, documents_file(tmp_path)])
    assert judged.queries == {"401": "foreign minorities, Germany", "402": "behavioral genetics"}


def test_topics_whose_end_nobody_wrote(tmp_path: Path) -> None:
    topics = tmp_path / "topics.txt"
    topics.write_text("<top>\n<num> Number: 1\n<title> one\n<top>\n<num> Number: 2\n<title> two\n")
    judged = load_trec_set([topics, qrels_file(tmp_path, {"2": {"d1": 1}}), documents_file(tmp_path)])
    assert judged.queries == {"2": "two"}
    assert judged.skipped == 1


def test_the_portal_s_own_documents_are_named_by_type_and_id_or_by_id(tmp_path: Path) -> None:
    own = [
        SearchDocument(type="question", id="7", title="Seven"),
        SearchDocument(type="article", id="7", title="Article seven"),
        SearchDocument(type="article", id="9", title="Nine"),
    ]
    qrels = qrels_file(tmp_path, {"q1": {"article:7": 1, "9": 1}, "q2": {"question:7": 1}, "q3": {"7": 1}})
    judged = load_trec_set([topics_file(tmp_path), qrels], own_documents=iter(own))
    assert judged.qrels == {
        "q1": {"article:7": 1, "article:9": 1},
        "q2": {"question:7": 1},
        "q3": {"question:7": 1},
    }
    assert judged.documents["article:9"].title == "Nine"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("topics.tsv", "", "it is empty"),
        ("topics.tsv", "one line without a tab", "line 1 is not an id, a tab and a text"),
        ("topics.tsv", "\tno id", "line 1 is not an id, a tab and a text"),
        ("topics.txt", "<top><title> nameless </top>", "topic 1 has no <num> or no <title>"),
        ("docs.jsonl", '{"id": "d1", "text": "a"}\n{broken', "line 2 is not JSON"),
        ("docs.jsonl", '{"id": "d1"}', "line 1 has no id or no text"),
        ("docs.jsonl", '{"text": "a"}', "line 1 has no id or no text"),
        ("more.txt", "1 0 d1 1\n1 0 d1", "line 2 has not the four columns of a judgement"),
    ],
)
def test_what_is_none_of_these_is_refused_with_its_line(tmp_path: Path, name: str, content: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(JudgedSetError) as caught:
        load_trec_set([path, qrels_file(tmp_path)])
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)


def test_a_set_that_lacks_something_is_refused(tmp_path: Path) -> None:
    topics, qrels, documents = topics_file(tmp_path), qrels_file(tmp_path), documents_file(tmp_path)
    with pytest.raises(JudgedSetError, match="one file of judgements"):
        load_trec_set([topics, documents])
    with pytest.raises(JudgedSetError, match="one file of judgements"):
        load_trec_set([topics, qrels, qrels_file(tmp_path, name="again.txt")])
    with pytest.raises(JudgedSetError, match="not one file of topics"):
        load_trec_set([qrels, documents])
    with pytest.raises(JudgedSetError, match="not one file of topics"):
        load_trec_set([topics, qrels, documents, documents_file(tmp_path, "twice.jsonl")])
