"""TREC's files as they come out of the wild: other separators, signs and columns, and what is like another kind."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.evaluation.judged import JudgedSetError
from search.evaluation.trec import load_trec_set

DOCUMENTS = {"d1": "Clean the head", "d2": "Change the drum"}


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def documents(folder: Path) -> Path:
    rows = [json.dumps({"id": each, "text": text}) for each, text in DOCUMENTS.items()]
    return written(folder, "documents.jsonl", "\n".join(rows))


QRELS = "401 0 d1 1\n402 0 d2 2\n"
TOPICS = "401\tdirty head\n402\tworn drum\n"


class TestTopicsThatLookLikeJudgements:
    def test_words_with_a_number_at_their_end_are_a_topic(self, tmp_path: Path) -> None:
        """ "401 TAB error code 104" has four columns, the last a number, and is a query all the same."""
        topics = written(tmp_path, "topics_en.tsv", "401\terror code 104\n402\tworn drum unit\n")
        judged = load_trec_set([topics, written(tmp_path, "qrels.txt", QRELS), documents(tmp_path)])
        assert judged.queries == {"401": "error code 104", "402": "worn drum unit"}

    @pytest.mark.parametrize("between", ["\t", " ", "   ", " \t"])
    def test_judgements_in_columns_of_any_blanks(self, tmp_path: Path, between: str) -> None:
        rows = [between.join(line.split()) for line in QRELS.splitlines()]
        qrels = written(tmp_path, "qrels.txt", "\n".join(rows))
        judged = load_trec_set([qrels, written(tmp_path, "topics_en.tsv", TOPICS), documents(tmp_path)])
        assert judged.qrels == {"401": {"d1": 1}, "402": {"d2": 2}}


class TestJudgements:
    @pytest.mark.parametrize("grade", ["9" * 5_000, "1" * 10, "1.5", "+1", "x"])
    def test_a_grade_that_is_none_is_refused_with_its_line(self, tmp_path: Path, grade: str) -> None:
        qrels = written(tmp_path, "qrels.txt", f"{QRELS}401 0 d2 {grade}\n")
        with pytest.raises(JudgedSetError, match="line 3 has not the four columns"):
            load_trec_set([qrels, written(tmp_path, "topics_en.tsv", TOPICS)])

    def test_the_last_judgement_of_a_pair_counts(self, tmp_path: Path) -> None:
        qrels = written(tmp_path, "qrels.txt", f"{QRELS}401 1 d1 3\n")
        judged = load_trec_set([qrels, written(tmp_path, "topics_en.tsv", TOPICS), documents(tmp_path)])
        assert judged.qrels["401"] == {"d1": 3}

    def test_a_topic_with_nothing_but_bad_grades_is_left_out_and_counted(self, tmp_path: Path) -> None:
        qrels = written(tmp_path, "qrels.txt", "401 0 d1 1\n402 0 d2 -2\n402 0 d1 0\n")
        judged = load_trec_set([qrels, written(tmp_path, "topics_en.tsv", TOPICS), documents(tmp_path)])
        assert set(judged.queries) == {"401"}
        assert judged.skipped == 1

    def test_lines_of_windows_and_empty_ones(self, tmp_path: Path) -> None:
        qrels = written(tmp_path, "qrels.txt", "\ufeff401 0 d1 1\r\n\r\n402 0 d2 2\r\n")
        topics = written(tmp_path, "topics_en.tsv", "\ufeff401\tdirty head\r\n\r\n402\tworn drum\r\n")
        judged = load_trec_set([qrels, topics, documents(tmp_path)])
        assert judged.queries == {"401": "dirty head", "402": "worn drum"}
        assert judged.qrels == {"401": {"d1": 1}, "402": {"d2": 2}}


class TestDocuments:
    @pytest.mark.parametrize("identity", ["id", "_id", "docno", "docid", "doc_id"])
    @pytest.mark.parametrize("body", ["text", "body", "contents"])
    def test_fields_by_any_of_their_names(self, tmp_path: Path, identity: str, body: str) -> None:
        rows = [json.dumps({identity: each, body: text, "title": "T"}) for each, text in DOCUMENTS.items()]
        path = written(tmp_path, "documents.jsonl", "\n".join(rows))
        judged = load_trec_set(
            [path, written(tmp_path, "qrels.txt", QRELS), written(tmp_path, "topics_en.tsv", TOPICS)]
        )
        assert {key: (each.title, each.body) for key, each in judged.documents.items()} == {
            key: ("T", text) for key, text in DOCUMENTS.items()
        }

    @pytest.mark.parametrize("line", ['{"id": null, "text": "x"}', '{"id": ["d"], "text": "x"}', "[1]", "7", "{" * 9])
    def test_a_line_that_is_no_document_is_told(self, tmp_path: Path, line: str) -> None:
        path = written(tmp_path, "documents.jsonl", f'{{"id": "d1", "text": "a"}}\n{line}')
        with pytest.raises(JudgedSetError, match="line 2"):
            load_trec_set([path, written(tmp_path, "qrels.txt", QRELS), written(tmp_path, "t_en.tsv", TOPICS)])

    def test_numbers_are_ids_too(self, tmp_path: Path) -> None:
        path = written(tmp_path, "documents.jsonl", '{"id": 1, "text": "Clean"}\n{"id": 2, "text": "Change"}')
        qrels = written(tmp_path, "qrels.txt", "401 0 1 1\n402 0 2 1\n")
        judged = load_trec_set([path, qrels, written(tmp_path, "topics_en.tsv", TOPICS)])
        assert set(judged.documents) == {"1", "2"}


class TestClassicTopics:
    @pytest.mark.parametrize(
        "block",
        [
            "<top><num> Number: 401 <title> dirty head </top>",
            "<TOP>\n<NUM> Number : 401\n<TITLE> Topic: dirty\n  head\n<DESC> Description: x",
            "<top><title>dirty head</title><num>401</num></top>",
        ],
    )
    def test_as_the_years_wrote_them(self, tmp_path: Path, block: str) -> None:
        topics = written(tmp_path, "topics_en.txt", block)
        judged = load_trec_set([topics, written(tmp_path, "qrels.txt", "401 0 d1 1\n"), documents(tmp_path)])
        assert judged.queries == {"401": "dirty head"}

    def test_the_second_without_a_number_is_named(self, tmp_path: Path) -> None:
        topics = written(tmp_path, "t.txt", "<top><num>1<title>a</top><top><title>b</top>")
        with pytest.raises(JudgedSetError, match="topic 2 has no <num>"):
            load_trec_set([topics, written(tmp_path, "qrels.txt", QRELS)])


words = st.text(st.characters(whitelist_categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(topics=st.dictionaries(st.integers(1, 900), st.lists(words, min_size=1, max_size=4), min_size=1, max_size=6))
def test_any_topics_come_back_as_they_were(tmp_path: Path, topics: dict[int, list[str]]) -> None:
    said = {f"t{number}": " ".join(text) for number, text in topics.items()}
    rows = written(tmp_path, "topics_en.tsv", "".join(f"{key}\t{text}\n" for key, text in said.items()))
    qrels = written(tmp_path, "qrels.txt", "".join(f"{key} 0 d1 1\n" for key in said))
    judged = load_trec_set([qrels, documents(tmp_path), rows])
    assert judged.queries == said


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=120), st.text(st.characters(blacklist_categories=["Cs"]), max_size=80).map(str.encode)
    )
)
def test_any_bytes_are_a_file_or_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.txt"
    path.write_bytes(content)
    try:
        load_trec_set([path, written(tmp_path, "qrels.txt", QRELS), documents(tmp_path)])
    except JudgedSetError as error:
        assert str(tmp_path) in str(error)
