"""``manage.py evaluate_search``: what it prints, writes and refuses."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from search.engines import forget_engines
from tests.search.conftest import Shelf
from tests.search.documents import question
from tests.search.evaluation.sets import QUERIES, small_set, written
from tests.search.evaluation.test_running import leftovers

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, settings: LazySettings, only_shelves: None) -> None:
    settings.SEARCH = {"EMBEDDED_PATH": tmp_path / "portal-search"}
    forget_engines()


def evaluated(*args: object, **options: object) -> str:
    said = StringIO()
    call_command("evaluate_search", *map(str, args), stdout=said, **options)
    return said.getvalue()


def test_a_set_is_measured_and_told(tmp_path: Path) -> None:
    said = evaluated(written(tmp_path))
    assert "Hit@1" in said
    assert "small_en embedded" in said
    assert "0.667" in said, "two of three queries are found"
    assert "search en; 3 queries; 4 documents" in said
    assert not (tmp_path / "portal-search").exists()


def test_two_runs_of_the_same_code_do_not_differ(tmp_path: Path) -> None:
    path, kept, report = written(tmp_path), tmp_path / "run.json", tmp_path / "report.html"
    evaluated(path, save=kept)
    said = evaluated(path, compare=kept, report=report)
    assert "3 queries in both, 0 better, 0 worse" in said
    assert said.count("p = 1.000") == 5
    assert "<svg" in report.read_text()


def test_a_better_search_shows_against_the_saved_one(tmp_path: Path) -> None:
    path, kept = written(tmp_path), tmp_path / "run.json"
    evaluated(path, save=kept)
    values = json.loads(kept.read_text())
    values["runs"][0]["outcomes"]["q1"]["found"] = ["d4"]
    kept.write_text(json.dumps(values))
    said = evaluated(path, compare=kept)
    assert "1 better, 0 worse" in said
    assert "+0.333" in said


def test_several_sets_and_the_file_s_language(tmp_path: Path) -> None:
    russian = written(tmp_path, "small_ru.json", docs={"d1": "Не печатает принтер\nПроверьте кабель."},
                      queries={"q1": "принтер не печатает"}, qrels={"q1": {"d1": 1}})  # fmt: skip
    said = evaluated(written(tmp_path), russian)
    assert "small_en embedded" in said
    assert "search ru; 1 query; 1 document" in said
    assert "search ja" in evaluated(russian, language="ja")


def test_trec_files_are_one_set(tmp_path: Path) -> None:
    (tmp_path / "topics.tsv").write_text("".join(f"{each}\t{text}\n" for each, text in QUERIES.items()))
    (tmp_path / "qrels").write_text("q1 0 d1 1\nq2 0 d2 1\n")
    rows = [{"id": each, "text": text} for each, text in small_set()["docs"].items()]
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    said = evaluated(tmp_path / "topics.tsv", tmp_path / "qrels", tmp_path / "docs.jsonl", language="en")
    assert "2 queries; 4 documents" in said
    assert "1 queries without a relevant document left out" in said
    assert "1.000" in said


def test_topics_are_asked_of_the_portal_s_own_documents(tmp_path: Path, shelf: Shelf) -> None:
    shelf.put(question(5, "Reset the password"), question(6, "Battery drains"))
    (tmp_path / "topics.tsv").write_text("t1\treset my password\n")
    (tmp_path / "qrels").write_text("t1 0 question:5 1\n")
    said = evaluated(tmp_path / "topics.tsv", tmp_path / "qrels")
    assert "1 query; 2 documents" in said
    assert "1.000" in said
    assert not (tmp_path / "portal-search").exists()


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    before = leftovers()
    with pytest.raises(CommandError, match=r"broken\.json: line 1 is not JSON") as caught:
        evaluated(written(tmp_path), broken)
    assert "\n" not in str(caught.value)
    assert caught.value.returncode == 1
    assert leftovers() == before


@pytest.mark.parametrize("option", ["report", "save"])
def test_a_place_that_is_not_there_is_told_before_anything_runs(tmp_path: Path, option: str) -> None:
    with pytest.raises(CommandError, match="no such folder"):
        evaluated(tmp_path / "absent.json", **{option: tmp_path / "no" / "file"})


def test_an_earlier_run_of_other_sets_is_told(tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    evaluated(written(tmp_path, "other_en.json"), save=kept)
    with pytest.raises(CommandError, match="has no run of these sets"):
        evaluated(written(tmp_path), compare=kept)
    with pytest.raises(CommandError, match="no run saved"):
        evaluated(written(tmp_path), compare=written(tmp_path, "set.json"))


def test_an_engine_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
        evaluated(written(tmp_path), engine=["elasticsearch"])


def test_two_sets_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    with pytest.raises(CommandError, match="two sets are called small_en"):
        evaluated(written(tmp_path), written(tmp_path / "below"))


def test_a_portal_that_was_never_prepared_is_told_of_in_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PORTAL_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    run = subprocess.run(
        [sys.executable, "manage.py", "evaluate_search", str(written(tmp_path))],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "3 queries; 4 documents" in run.stdout
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) <= 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_command_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    queries = {f"q{each}": f"how do I reset my password {each}" for each in range(60_000)}
    path = written(tmp_path, queries=queries, qrels={each: {"d1": 1} for each in queries})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "PORTAL_DATA_DIR": str(tmp_path / "var"), "TMPDIR": str(scratch),
                   "DJANGO_SETTINGS_MODULE": "portal.settings.test"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "manage.py", "evaluate_search", str(path)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        until = time.monotonic() + 60
        while not list(scratch.glob("hiroba-evaluation-*/search/current")) and time.monotonic() < until:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert said.strip().endswith("Stopped. Nothing was left behind.")
    assert list(scratch.glob("hiroba-evaluation-*")) == []
    assert tempfile.gettempdir() != str(scratch)
