"""What is Elasticsearch's alone: fields, analyzers, rendering, bulk bodies, several nodes, no kuromoji."""

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from search.documents import DocumentKey, SearchRequest
from search.engine import EngineError, EngineUnavailable, IndexMissing
from search.engines.elastic import ElasticsearchEngine, mapping, writing
from search.engines.elastic.connection import connect, translated
from search.engines.elastic.rendering import match_stems, render
from search.queries.plan import SearchPlan
from search.queries.rewriting import QueryWords, rewrite
from search.queries.tree import Best, Bool, Boost, Constant, Everything, Match, OneOf, Phrase, Term
from tests.search.conftest import fill
from tests.search.documents import (
    COMMUNITY,
    PASSWORD,
    PASSWORD_AR,
    PASSWORD_JA,
    PRINTER,
    PRINTER_JA,
    PRINTER_RU,
    UNKNOWN,
    question,
)


@pytest.fixture(scope="module")
def url(request: pytest.FixtureRequest) -> str:
    """A real node."""
    found: str = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
    return found


@pytest.fixture
def engine(url: str) -> Iterator[ElasticsearchEngine]:
    """An engine with an empty index."""
    made = ElasticsearchEngine(url, prefix=f"elastic-{uuid.uuid4().hex[:12]}")
    made.commit_generation(made.create_generation())
    yield made
    made.drop()
    made.close()


# Fields


@pytest.mark.parametrize(
    ("document", "language"),
    [
        (PRINTER, "en"),
        (PRINTER_RU, "ru"),
        (PASSWORD_JA, "ja"),
        (PASSWORD_AR, "ar"),
        (UNKNOWN, "en"),
        (question(1, "Druckwerk", "blass", "de"), "other"),
        (question(1, "Printer", "", "en-gb"), "en"),
        (question(1, "Ничего не сказано", "", None), "ru"),
        (question(1, "設定を変える", "", None), "ja"),
        (question(1, "设置打印机", "", "zh-hans"), "ja"),
        (question(1, "12345", "", None), "other"),
        (question(1, "Γειά σου Κόσμε", "", None), "other"),
    ],
)
def test_a_document_fills_the_fields_of_one_language(document: object, language: str) -> None:
    fields = writing.indexed(document, 1)  # type: ignore[arg-type]
    assert {name for name in fields if name.startswith("title_")} == {"title_x", "title_p", f"title_{language}"}


def test_every_field_of_a_document_is_mapped() -> None:
    mapped = set(mapping.mapping()["properties"])
    for document in (PRINTER, PRINTER_RU, PASSWORD_JA, PASSWORD_AR, UNKNOWN):
        assert set(writing.indexed(document, 1)) <= mapped


def test_the_mapping_takes_no_other_field_and_names_its_shape() -> None:
    made = mapping.mapping()
    assert made["dynamic"] == "strict"
    assert made["_meta"] == {"shape": mapping.SHAPE}
    assert made["_source"] == {"includes": ["document"]}


def test_nothing_of_a_licensed_or_missing_feature_is_used() -> None:
    text = json.dumps([mapping.mapping(), mapping.settings(kuromoji=True)])
    for word in ("search_as_you_type", "rank_feature", "script", "painless", "icu_", "dense_vector"):
        assert word not in text


def test_the_text_for_lucene_is_folded_and_codes_are_cut() -> None:
    assert mapping.analysable("ERR_17 Ёлка Ａ") == "err 17 елка a"


# Rendering


@pytest.mark.parametrize(
    ("node", "query"),
    [
        (Everything(), {"match_all": {}}),
        (Term("text_x", "e104"), {"term": {"text_x": {"value": "e104"}}}),
        (Boost(Term("text_x", "a"), 0.4), {"term": {"text_x": {"value": "a", "boost": 0.4}}}),
        (OneOf("type", ("a", "b")), {"terms": {"type": ["a", "b"]}}),
        (Phrase("text_x", ("paper", "jam")), {"match_phrase": {"text_x": {"query": "paper jam"}}}),
        (Match("text_en", "a b", "2"), {"match": {"text_en": {"query": "a b", "minimum_should_match": "2"}}}),
        (Best((Everything(),)), {"dis_max": {"queries": [{"match_all": {}}]}}),
        (Boost(Everything(), 2.0), {"bool": {"must": [{"match_all": {}}], "boost": 2.0}}),
        (Constant(Everything(), 0.6), {"constant_score": {"filter": {"match_all": {}}, "boost": 0.6}}),
        (Bool(), {"bool": {}}),
        (
            Bool(must=(Everything(),), should=(Everything(),), filters=(Everything(),), must_not=(Term("a", "b"),)),
            {
                "bool": {
                    "must": [{"match_all": {}}],
                    "should": [{"match_all": {}}],
                    "filter": [{"match_all": {}}],
                    "must_not": [{"term": {"a": {"value": "b"}}}],
                }
            },
        ),
        (
            Bool(should=(Everything(),), minimum=1),
            {"bool": {"should": [{"match_all": {}}], "minimum_should_match": 1}},
        ),
    ],
)
def test_each_node_of_a_query_tree(node: object, query: dict[str, object]) -> None:
    assert render(node).to_dict() == query  # type: ignore[arg-type]


def test_a_long_query_asks_for_a_quarter_of_its_words_and_a_short_one_for_one() -> None:
    def minimums(text: str) -> set[str]:
        node = match_stems(text, SearchPlan.of(SearchRequest(text=text)).minimum)
        assert isinstance(node, Bool)
        [best] = node.must
        assert isinstance(best, Best)
        return {each.minimum for each in best.nodes if isinstance(each, Match)}

    assert minimums("paper jam") == {"1"}
    assert minimums(" ".join(f"word{n}" for n in range(12))) == {"1<1 7<25%"}


def test_a_query_without_stems_asks_the_stemmed_fields_nothing() -> None:
    assert match_stems("how do I", 1) is None


# Writing


def test_a_bulk_body_is_cut_into_portions() -> None:
    documents = [question(n, "Long", "words " * 40_000) for n in range(60)]
    portions = list(writing._portions(writing.operations(documents, [], 1)))
    assert len(portions) > 3
    assert max(sum(map(len, lines)) for lines in portions) < 6_000_000
    assert sum(len(lines) for lines in portions) == 120


def test_a_deletion_is_one_line() -> None:
    [(action, fields)] = writing.operations([], [DocumentKey("question", "1")], 7)
    assert action == {"delete": {"_id": "question:1", "version": 7, "version_type": "external_gte"}}
    assert fields is None


@pytest.mark.elasticsearch
def test_a_dropped_index_is_not_made_up_by_a_late_write(engine: ElasticsearchEngine, url: str) -> None:
    former = next(iter(engine._indexes()))
    engine.commit_generation(engine.create_generation())
    with connect(url) as client:
        refused = writing.send(client, f"{former}-write", writing.operations([PRINTER], [], 1), refresh=True)
        assert refused
        assert not client.indices.exists(index=former)


@pytest.mark.elasticsearch
def test_a_generation_dropped_under_a_write_is_told(engine: ElasticsearchEngine) -> None:
    generation = engine.create_generation()
    engine.abandon_generation(generation)
    result = engine.apply([PRINTER], [], version=1, generation=generation)
    assert list(result.refused) == [PRINTER.key]


@pytest.mark.elasticsearch
def test_indexes_of_another_prefix_are_left_alone(engine: ElasticsearchEngine, url: str) -> None:
    other = ElasticsearchEngine(url, prefix=f"{engine._prefix}-other")
    other.commit_generation(other.create_generation())
    fill(other, PRINTER)
    engine.commit_generation(engine.create_generation())
    engine.drop()
    assert other.count() == 1
    other.drop()
    other.close()


@pytest.mark.elasticsearch
def test_a_document_keeps_only_what_is_shown(engine: ElasticsearchEngine, url: str) -> None:
    fill(engine, PRINTER)
    with Elasticsearch(url) as client:
        [hit] = client.search(index=engine._prefix)["hits"]["hits"]
    assert set(hit["_source"]) == {"document"}


# Analysis on the server


def tokens(url: str, index: str, analyzer: str, text: str) -> list[str]:
    with Elasticsearch(url) as client:
        answer = client.indices.analyze(index=index, analyzer=analyzer, text=mapping.analysable(text))
        return [token["token"] for token in answer["tokens"]]


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    ("analyzer", "text", "expected"),
    [
        ("text_en", "How do I reset the printers?", ["reset", "printer"]),
        ("text_en", "the user's naïve files", ["user", "naiv", "file"]),
        ("text_en", "Не печатают printers", ["печата", "printer"]),
        ("text_ru", "Принтеры не печатали", ["принтер", "печата"]),
        ("text_ru", "ёлка printers", ["елк", "printer"]),
        ("text_ar", "كيف أعيد تعيين كلمات المرور", ["اعيد", "تع", "كلم", "مرور"]),
        ("text_ja", "パスワードを忘れました printers", ["パスワード", "忘れる", "printer"]),
        ("text_other", "Häuser und printers", ["hauser", "und", "printer"]),
    ],
)
def test_each_language_s_analyzer(
    engine: ElasticsearchEngine, url: str, analyzer: str, text: str, expected: list[str]
) -> None:
    assert tokens(url, engine._prefix, analyzer, text) == expected


@pytest.mark.elasticsearch
def test_arabic_is_stemmed_as_in_python(engine: ElasticsearchEngine, url: str) -> None:
    from search.analyzers import stems

    text = "الطابعات والمستخدمون يعيدون تشغيل أجهزتهم للحصول على النتائج بالكامل وزملاؤها"
    assert tokens(url, engine._prefix, "text_ar", text) == stems(text, "ar")


@pytest.mark.elasticsearch
def test_russian_is_stemmed_as_in_python(engine: ElasticsearchEngine, url: str) -> None:
    from search.analyzers import stems

    text = "Пользователи перезагружали устройства, чтобы получить настройки печатающих принтеров"
    assert tokens(url, engine._prefix, "text_ru", text) == stems(text, "ru")


@pytest.mark.elasticsearch
def test_english_is_stemmed_as_in_python(engine: ElasticsearchEngine, url: str) -> None:
    from search.analyzers import stems

    text = "Users were restarting their devices generously to receive configurations of happily printing printers"
    assert tokens(url, engine._prefix, "text_en", text) == stems(text, "en")


@pytest.fixture
def without_kuromoji(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> ElasticsearchEngine:
    """The engine on a cluster that lacks the plugin: its index is made with pairs of characters."""
    monkeypatch.setattr(mapping, "KUROMOJI", "a_tokenizer_that_no_cluster_has")
    assert not engine._has_kuromoji()
    engine.commit_generation(engine.create_generation())
    fill(engine, PASSWORD_JA, PRINTER_JA, PASSWORD)
    return engine


@pytest.mark.elasticsearch
def test_without_the_plugin_japanese_is_pairs(without_kuromoji: ElasticsearchEngine, url: str) -> None:
    assert tokens(url, without_kuromoji._prefix, "text_ja", "紙詰まり printers") == ["紙詰", "詰ま", "まり", "printer"]


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    ("text", "first"), [("パスワードを忘れました", "5"), ("再設定", "5"), ("紙詰まり", "6"), ("印刷できない", "6")]
)
def test_without_the_plugin_japanese_is_found(without_kuromoji: ElasticsearchEngine, text: str, first: str) -> None:
    result = without_kuromoji.search(SearchRequest(text=text))
    assert result.found[0].document.id == first


# The connection


@pytest.mark.elasticsearch
def test_of_several_nodes_a_dead_one_is_passed_over(engine: ElasticsearchEngine, url: str) -> None:
    fill(engine, PRINTER)
    several = ElasticsearchEngine(f"http://127.0.0.1:9, {url}", prefix=engine._prefix)
    for _ in range(4):
        assert several.search(SearchRequest(text="printer"), timeout=10).total == 1
    several.close()


@pytest.mark.elasticsearch
def test_a_request_the_server_refuses_is_an_error_of_ours(engine: ElasticsearchEngine, url: str) -> None:
    with connect(url) as client, pytest.raises(EngineError, match="answered 400"), translated():
        client.search(index=engine._prefix, query={"no_such_query": {}})


@pytest.mark.elasticsearch
def test_a_missing_index_is_told_apart(url: str) -> None:
    with connect(url) as client, pytest.raises(IndexMissing), translated():
        client.search(index="no-such-index")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with connect("http://127.0.0.1:9") as client, pytest.raises(EngineUnavailable), translated():
        client.info()


@pytest.mark.elasticsearch
def test_a_budget_that_is_used_up_is_unavailable(engine: ElasticsearchEngine) -> None:
    with pytest.raises(EngineUnavailable):
        for _ in range(50):  # an answer that has come already is taken, however small the budget
            engine.search(SearchRequest(text="printer"), timeout=0.000001)


@pytest.mark.elasticsearch
def test_a_half_made_index_is_no_index(url: str) -> None:
    engine = ElasticsearchEngine(url, prefix=f"elastic-{uuid.uuid4().hex[:12]}")
    engine.create_generation()
    assert not engine.health().has_index
    with pytest.raises(IndexMissing):
        engine.apply([PRINTER], [], version=1)
    engine.drop()
    engine.close()


# Requests

COMMUNITY_TEXTS = ("printer jam", "How do I reset a forgotten password?", "принтер", "パスワード", "كلمة المرور")


def requests_of(engine: ElasticsearchEngine, text: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What a page's search for a text asks the node: the last part of each request's address."""
    request = SearchRequest(text=text, reads=("en",))
    with caplog.at_level("INFO", logger="elastic_transport.transport"):
        caplog.clear()
        query = QueryWords.of(text)
        rewriting = rewrite(query, engine.words(query.words, query.looked_up, request.visibility))
        compared = (text, rewriting.corrected) if rewriting.corrected else ()
        engine.search(replace(request, expansions=rewriting.expansions, compared=compared))
    return [record.getMessage().split()[1].rpartition("/")[2].partition("?")[0] for record in caplog.records]


@pytest.fixture(scope="module")
def community(url: str) -> Iterator[ElasticsearchEngine]:
    """An engine with the small community, that was asked before: of each kind of caller it knows how much he sees."""
    made = ElasticsearchEngine(url, prefix=f"elastic-{uuid.uuid4().hex[:12]}")
    made.commit_generation(made.create_generation())
    fill(made, *COMMUNITY)
    yield made
    made.drop()
    made.close()


@pytest.mark.elasticsearch
@pytest.mark.parametrize("text", COMMUNITY_TEXTS)
def test_a_search_of_known_words_asks_three_times(
    community: ElasticsearchEngine, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    frequent = [
        question(number, "Printer jam password принтер", "パスワード كلمة المرور reset forgotten")
        for number in range(100, 104)
    ]
    fill(community, *frequent, version=2)
    assert requests_of(community, text, caplog) == ["_search", "_mtermvectors", "_search"]


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    "text",
    ["pritner", "pasword forgoten rpinter", "ghbynth", "paperjam", "パスワドー", "принтир не печтаает", "xylophone"],
)
def test_misspelt_words_cost_one_request_more_however_many_they_are(
    community: ElasticsearchEngine, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = requests_of(community, text, caplog)
    assert len(asked) <= 4
    assert asked[:2] in (["_search", "_search"], ["_search", "_mtermvectors"])
    assert asked[-1] in ("_search", "_msearch")


@pytest.mark.elasticsearch
def test_words_stay_correctable_when_documents_of_others_become_many(engine: ElasticsearchEngine) -> None:
    def near(word: str) -> list[str]:
        return [text for text, _ in engine.words([word], [], ["public"]).near.get(word, ())]

    fill(engine, question(1, "Backup plans"), question(2, "Bakcup", visibility=("space:3",)))
    assert near("bakcup") == ["backup"]
    hidden = [question(number, "Bakcup", visibility=("space:3",)) for number in range(3, 120)]
    fill(engine, *hidden, version=2)
    assert near("bakcup") == ["backup"], "asked with what was known before"
    assert near("bakcup") == ["backup"]
