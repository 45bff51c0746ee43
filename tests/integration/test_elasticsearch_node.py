"""The Elasticsearch node that the tests run on is a real one, and analyses as the official image does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from tests import servers
from tests.conftest import required

pytestmark = pytest.mark.elasticsearch
INDEX = "node-under-test"


@pytest.fixture(scope="module")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """The official client, connected to the node."""
    with Elasticsearch(elasticsearch_url) as connected:
        yield connected
        connected.indices.delete(index=[INDEX, f"{INDEX}-old", f"{INDEX}-new"], ignore_unavailable=True)


def tokens(client: Elasticsearch, text: str, **kwargs: Any) -> list[str]:
    """The words that an analyzer makes of a text."""
    return [token["token"] for token in client.indices.analyze(text=text, **kwargs)["tokens"]]


def test_says_who_it_is(client: Elasticsearch) -> None:
    info = client.info()
    assert info["version"]["number"].startswith("8.19.")
    assert info["version"]["lucene_version"].startswith("9.12.")
    assert len(info["cluster_uuid"]) > 10
    assert client.ping()


def test_lists_kuromoji_as_installed(client: Elasticsearch) -> None:
    assert "analysis-kuromoji" in [row["component"] for row in client.cat.plugins(format="json")]
    (node,) = client.nodes.info(metric="plugins")["nodes"].values()
    assert [plugin["name"] for plugin in node["plugins"]] == ["analysis-kuromoji"]


# What the documentation of each official analyzer shows, or what its definition as a custom analyzer gives.
ANALYZERS = [
    ("standard", "The 2 QUICK Brown-Foxes jumped", ["the", "2", "quick", "brown", "foxes", "jumped"]),
    ("simple", "The 2 dog's bone.", ["the", "dog", "s", "bone"]),
    ("whitespace", "The 2 QUICK dog's", ["The", "2", "QUICK", "dog's"]),
    ("stop", "The 2 QUICK foxes over the dog", ["quick", "foxes", "over", "dog"]),
    ("keyword", "The 2 QUICK", ["The 2 QUICK"]),
    ("english", "The running foxes' dens", ["run", "fox", "den"]),
    ("russian", "Быстрые лисы и собаки", ["быстр", "лис", "собак"]),
    ("arabic", "الكتب في المدارس", ["كتب", "مدارس"]),
    ("cjk", "東京都の検索", ["東京", "京都", "都の", "の検", "検索"]),
    ("kuromoji", "東京都に住んでいました", ["東京", "都", "住む"]),
    ("german", "Die schnellen Häuser", ["schnell", "haus"]),
    ("french", "l'avion des chevaux", ["avion", "cheval"]),
]


@pytest.mark.parametrize(("analyzer", "text", "expected"), ANALYZERS, ids=[row[0] for row in ANALYZERS])
def test_analyzers(client: Elasticsearch, analyzer: str, text: str, expected: list[str]) -> None:
    assert tokens(client, text, analyzer=analyzer) == expected


FILTERS: list[tuple[str | dict[str, Any], str, list[str]]] = [
    ("lowercase", "ABC", ["abc"]),
    ({"type": "lowercase", "language": "turkish"}, "ISI", ["ısı"]),
    ({"type": "stop", "stopwords": "_english_"}, "a cat in the house", ["cat", "house"]),
    ({"type": "stop", "stopwords": "_russian_"}, "он и кот в доме", ["кот", "доме"]),
    ({"type": "stop", "stopwords": "_arabic_"}, "في البيت", ["البيت"]),
    ({"type": "stemmer", "language": "english"}, "fixing foxes", ["fix", "fox"]),
    ({"type": "stemmer", "language": "possessive_english"}, "dog's bone", ["dog", "bone"]),
    ({"type": "stemmer", "language": "light_english"}, "policies", ["policy"]),
    ({"type": "stemmer", "language": "russian"}, "собаками", ["собак"]),
    ({"type": "stemmer", "language": "light_russian"}, "собаками", ["собак"]),
    ({"type": "stemmer", "language": "arabic"}, "والكتاب", ["كتاب"]),
    ({"type": "snowball", "language": "Russian"}, "книги", ["книг"]),
    ("snowball", "generously", ["generous"]),
    ("asciifolding", "café Çelik", ["cafe", "Celik"]),
    ({"type": "asciifolding", "preserve_original": True}, "café", ["cafe", "café"]),
    ("arabic_normalization", "أحمد", ["احمد"]),
    ("decimal_digit", "٣٤", ["34"]),
    ("cjk_width", "ＡＢＣ ﾃｽﾄ", ["ABC", "テスト"]),
    ({"type": "edge_ngram", "min_gram": 1, "max_gram": 3}, "fox", ["f", "fo", "fox"]),
    ({"type": "edge_ngram", "min_gram": 1, "max_gram": 2, "side": "back"}, "fox", ["x", "ox"]),
    ({"type": "ngram", "min_gram": 2, "max_gram": 3}, "quick", ["qu", "qui", "ui", "uic", "ic", "ick", "ck"]),
    ({"type": "shingle", "min_shingle_size": 2, "max_shingle_size": 2}, "a b c", ["a", "a b", "b", "b c", "c"]),
    ({"type": "word_delimiter_graph", "catenate_all": True}, "wi-fi", ["wifi", "wi", "fi"]),
    ("word_delimiter_graph", "PowerShot500", ["Power", "Shot", "500"]),
    ({"type": "elision", "articles": ["l"], "articles_case": True}, "l'avion", ["avion"]),
    ({"type": "length", "min": 2, "max": 3}, "a bb ccc dddd", ["bb", "ccc"]),
    ("unique", "to be or not to be", ["to", "be", "or", "not"]),
    ("trim", "fox", ["fox"]),
    ({"type": "truncate", "length": 3}, "elephant ox", ["ele", "ox"]),
    ("truncate", "internationalisation", ["internatio"]),
    ({"type": "pattern_replace", "pattern": "(dog)", "replacement": "watch$1"}, "dogs", ["watchdogs"]),
    ({"type": "keyword_marker", "keywords": ["jumping"]}, "jumping", ["jumping"]),
    ("reverse", "abc", ["cba"]),
    ("kuromoji_baseform", "ないで", ["ないで"]),
]


@pytest.mark.parametrize(("definition", "text", "expected"), FILTERS, ids=[str(row[0]) for row in FILTERS])
def test_token_filters(client: Elasticsearch, definition: Any, text: str, expected: list[str]) -> None:
    assert tokens(client, text, tokenizer="whitespace", filter=[definition]) == expected


def test_bigrams(client: Elasticsearch) -> None:
    assert tokens(client, "東京都 abc", tokenizer="standard", filter=["cjk_bigram"]) == ["東京", "京都", "abc"]
    both = {"type": "cjk_bigram", "output_unigrams": True}
    assert tokens(client, "東京", tokenizer="standard", filter=[both]) == ["東", "東京", "京"]
    without_han = {"type": "cjk_bigram", "ignored_scripts": ["han"]}
    assert tokens(client, "東京", tokenizer="standard", filter=[without_han]) == ["東", "京"]


def test_japanese_chain(client: Elasticsearch) -> None:
    chain = ["kuromoji_baseform", "kuromoji_part_of_speech", "cjk_width", "ja_stop", "kuromoji_stemmer", "lowercase"]
    assert tokens(client, "サーバーを再起動しましたが、動きません", tokenizer="kuromoji_tokenizer", filter=chain) == [
        "サーバ", "再", "起動", "動く",
    ]  # fmt: skip
    assert tokens(client, "寿司", tokenizer="kuromoji_tokenizer", filter=["kuromoji_readingform"]) == ["スシ"]


CHAR_FILTERS: list[tuple[str | dict[str, Any], str, str]] = [
    ("html_strip", "<b>fox</b>&amp;co", "fox&co"),
    ({"type": "mapping", "mappings": ["ё => е", "\\u0661 => 1"]}, "ёлка ١", "елка 1"),
    ({"type": "pattern_replace", "pattern": "(\\d+)-(?=\\d)", "replacement": "$1_"}, "123-456", "123_456"),
]


@pytest.mark.parametrize(("definition", "text", "expected"), CHAR_FILTERS, ids=[str(row[0]) for row in CHAR_FILTERS])
def test_char_filters(client: Elasticsearch, definition: Any, text: str, expected: str) -> None:
    assert tokens(client, text, tokenizer="keyword", char_filter=[definition]) == [expected]


TOKENIZERS: list[tuple[str | dict[str, Any], str, list[str]]] = [
    ("letter", "dog's 2", ["dog", "s"]),
    ({"type": "edge_ngram", "min_gram": 2, "max_gram": 3, "token_chars": ["letter"]}, "ab1cde", ["ab", "cd", "cde"]),
    ({"type": "ngram", "min_gram": 2, "max_gram": 2}, "abc", ["ab", "bc"]),
    ({"type": "pattern", "pattern": ","}, "a,b", ["a", "b"]),
    ("path_hierarchy", "/a/b", ["/a", "/a/b"]),
    ("uax_url_email", "to me@example.org", ["to", "me@example.org"]),
    ({"type": "kuromoji_tokenizer", "mode": "normal"}, "関西国際空港", ["関西国際空港"]),
]


@pytest.mark.parametrize(("definition", "text", "expected"), TOKENIZERS, ids=[str(row[0]) for row in TOKENIZERS])
def test_tokenizers(client: Elasticsearch, definition: Any, text: str, expected: list[str]) -> None:
    assert tokens(client, text, tokenizer=definition) == expected


def test_synonyms_pass_through_the_filters_before_them(client: Elasticsearch) -> None:
    chain = ["lowercase", {"type": "synonym_graph", "synonyms": ["Laptop, notebook computer", "ПК => компьютер"]}]
    assert tokens(client, "LAPTOP", tokenizer="standard", filter=chain) == ["notebook", "laptop", "computer"]
    assert tokens(client, "пк", tokenizer="standard", filter=chain) == ["компьютер"]


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ({"type": "stemmer", "language": "klingon"}, "Invalid stemmer class"),
        ({"type": "ngram", "min_gram": 1, "max_gram": 9}, "max_ngram_diff"),
        ({"type": "synonym_graph"}, "synonyms"),
        ({"type": "no_such_filter"}, "no_such_filter"),
    ],
)
def test_wrong_filters_are_refused(client: Elasticsearch, definition: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRequestError, match=reason):
        tokens(client, "x", tokenizer="standard", filter=[definition])


def test_an_index_as_the_portal_needs_it(client: Elasticsearch) -> None:
    client.indices.create(
        index=INDEX,
        settings={
            "number_of_shards": 1,
            "number_of_replicas": 0,
            "analysis": {"normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}}},
        },
        mappings={
            "properties": {
                "title": {"type": "text", "analyzer": "russian"},
                "name": {"type": "keyword", "normalizer": "folded"},
                "as_typed": {"type": "completion"},
                "vector": {"type": "dense_vector", "dims": 2},
            }
        },
    )
    rows = [("1", "Как сменить пароль", "Café", [1, 0]), ("2", "Замена батареи", "Desk", [0, 1])]
    operations: list[dict[str, Any]] = []
    for key, title, name, vector in rows:
        operations.append({"index": {"_index": INDEX, "_id": key, "version": 7, "version_type": "external_gte"}})
        operations.append({"title": title, "name": name, "as_typed": title, "vector": vector})
    assert not client.bulk(operations=operations, refresh=True)["errors"]

    found = client.search(
        index=INDEX,
        query={"match": {"title": "пароли"}},
        highlight={"fields": {"title": {"pre_tags": ["<mark>"], "post_tags": ["</mark>"]}}},
        aggs={"names": {"terms": {"field": "name"}}},
    )
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["1"]
    assert found["hits"]["hits"][0]["highlight"]["title"] == ["Как сменить <mark>пароль</mark>"]
    assert found["aggregations"]["names"]["buckets"][0]["key"] == "cafe"
    near = client.search(index=INDEX, knn={"field": "vector", "query_vector": [0, 1], "k": 1, "num_candidates": 5})
    assert [hit["_id"] for hit in near["hits"]["hits"]] == ["2"]
    typed = client.search(index=INDEX, suggest={"s": {"prefix": "зам", "completion": {"field": "as_typed"}}})
    assert [option["_id"] for option in typed["suggest"]["s"][0]["options"]] == ["2"]
    assert client.search(index=INDEX, query={"prefix": {"name": "CAFÉ"}})["hits"]["total"]["value"] == 1


def test_an_alias_moves_in_one_step(client: Elasticsearch) -> None:
    for name in ("old", "new"):
        client.indices.create(index=f"{INDEX}-{name}", settings={"number_of_replicas": 0})
    alias = f"{INDEX}-alias"
    client.indices.put_alias(index=f"{INDEX}-old", name=alias)
    client.indices.update_aliases(
        actions=[
            {"remove": {"index": f"{INDEX}-old", "alias": alias}},
            {"add": {"index": f"{INDEX}-new", "alias": alias}},
        ]
    )
    assert list(client.indices.get_alias(name=alias)) == [f"{INDEX}-new"]


def test_data_is_kept_over_a_restart_and_interrupt_leaves_nothing(tmp_path: Path) -> None:
    servers.build_elasticsearch()
    server = servers.ElasticsearchNodes(tmp_path)
    for attempt in (1, 2):
        server.start()
        assert server.process is not None
        pid = int((tmp_path / "node-1" / "pid").read_text())
        with Elasticsearch(server.url) as client:
            if attempt == 1:
                client.index(index="kept", id="1", document={"a": 1}, refresh=True)
            else:
                client.cluster.health(wait_for_status="yellow")
                assert client.get(index="kept", id="1")["_source"] == {"a": 1}
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert not servers.listens(server.port)


def test_three_nodes_form_a_cluster_and_outlive_one() -> None:
    with required(servers.elasticsearch(nodes=3)) as cluster, Elasticsearch(cluster.urls[1:]) as client:
        assert client.cluster.health()["number_of_nodes"] == 3
        client.indices.create(index="spread", settings={"number_of_shards": 1, "number_of_replicas": 2})
        client.cluster.health(index="spread", wait_for_status="green", timeout="20s")
        client.index(index="spread", id="1", document={"word": "kept"}, refresh=True)
        cluster.kill_node(1)
        client.cluster.health(wait_for_nodes="2", timeout="30s")
        assert client.search(index="spread", query={"match": {"word": "kept"}})["hits"]["total"]["value"] == 1


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command and waits for its end."""
    return subprocess.run(
        [servers.ELASTICSEARCH_START, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plug:
        port = plug.getsockname()[1]
        done = start("--port", str(port), "--data", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"elasticsearch_node: port {port} is taken"]


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_out_of_range_is_refused(tmp_path: Path, port: str) -> None:
    done = start("--port", port, "--data", str(tmp_path))
    assert done.returncode == 2
    assert "is not a port" in done.stderr
