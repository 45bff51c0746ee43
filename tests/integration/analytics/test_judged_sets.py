"""Judged sets out of the portal's own questions and searches: public words only, and each query always on its side."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from portal.analytics.selectors.judgements import CLICKED_BY, HOLDOUT_PERCENT, side_of
from portal.analytics.services.judged_sets import MANIFEST, judged_sets_build
from portal.core.clock import now
from portal.discovery.models import ResultOpened, Search, Surface, Who, Withheld
from portal.questions.models import Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_delete
from search.analyzers.normalization import normalize
from search.evaluation.judged import load_judged_set
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question

pytestmark = pytest.mark.django_db


def clicked(words, to, *, times=CLICKED_BY, answered=False, **fields):
    """Writes down searches that opened a question."""
    values = {"surface": Surface.PAGE, "language": "en", "who": Who.STRANGER, "total": 3, "text": words} | fields
    for _ in range(times):
        made = Search.objects.create(normalized=normalize(values["text"]), opened_count=1, **values)
        ResultOpened.objects.create(search=made, type="question", object_id=str(to.pk), rank=1, answered=answered)


def built(folder, **options):
    """Builds the sets and returns what each kind and language has: its queries' texts with what answers them."""
    judgements = {}
    for written in judged_sets_build(folder=folder, **options):
        values = json.loads((folder / written.file).read_text())
        told = {values["queries"][query]: grades for query, grades in values["qrels"].items()}
        judgements.setdefault((written.kind, written.language), {}).update(told)
    return judgements


def test_an_accepted_answer_is_what_its_question_looks_for(tmp_path):
    settled = accept(answer(question(title="Why does the lamp blink?"), body="Press the **button** twice."))
    answer(settled.question, body="Mine does too.")
    answer(question(title="Nobody answers this one"))
    assert built(tmp_path)["accepted", "en"] == {"Why does the lamp blink?": {f"a{settled.pk}": 1}}
    name = next(tmp_path.glob("accepted_*_en.json"))
    judged = load_judged_set(name)
    assert (judged.language, judged.endpoint) == ("en", "search")
    assert judged.documents[f"a{settled.pk}"].body == "Press the button twice."
    assert judged.documents[f"a{settled.pk}"].title == ""
    assert len(judged.documents) == 3


def test_a_joined_question_looks_for_the_earlier_one(tmp_path):
    first, second = question(title="Lamp blinks in red"), question(title="The red light flashes")
    with committed():
        question_settle(user=member(staff=True), question_id=second.pk, status="duplicate", duplicate_of=first.pk)
    ((text, grades),) = built(tmp_path)["joined", "en"].items()
    assert text.startswith("The red light flashes\nIt worked yesterday.")
    assert grades == {str(first.pk): 1}
    judged = load_judged_set(next(tmp_path.glob("joined_*_en.json")))
    assert judged.endpoint == "similar"
    assert judged.documents[str(first.pk)].title == "Lamp blinks in red"


def test_words_that_led_to_a_result_look_for_it(tmp_path):
    found = question(title="Why does the lamp blink?")
    clicked("Lamp BLINKS", found)
    clicked("lamp blinks", found, who=Who.MEMBER, surface=Surface.ASK)
    clicked("red light", found, times=1)
    clicked("flashing", found, times=1, answered=True)
    clicked("always", found, times=9)
    assert built(tmp_path)["clicked", "en"] == {
        "lamp blinks": {f"question:{found.pk}": 2},
        "flashing": {f"question:{found.pk}": 1},
        "always": {f"question:{found.pk}": 3},
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"who": Who.STAFF},
        {"who": Who.BOT},
        {"surface": Surface.API},
        {"withheld": Withheld.EMAIL, "text": ""},
        {"withheld": Withheld.EXPIRED, "text": ""},
        {"language": "ja"},
    ],
    ids=str,
)
def test_searches_that_tell_nothing_are_left_out(tmp_path, fields):
    clicked("lamp blinks", question(), **fields)
    assert built(tmp_path, languages=["en"]) == {}


def test_what_nobody_may_see_is_nowhere(tmp_path):
    author, staff = member(), member(staff=True)
    hidden, shown = question(author, title="A secret that left"), question(title="Lamp blinks in red")
    accept(answer(hidden, body="Secret answer"), author)
    clicked("secret words", hidden)
    gone = accept(answer(question(title="Its answer left"), body="Secret of the answer"))
    joined = question(title="Joined with what left")
    with committed():
        question_settle(user=staff, question_id=joined.pk, status="duplicate", duplicate_of=hidden.pk)
        question_delete(user=staff, question_id=hidden.pk)
        answer_delete(user=staff, answer_id=gone.pk)
    clicked("lamp", shown)
    assert built(tmp_path) == {("clicked", "en"): {"lamp": {f"question:{shown.pk}": 1}}}
    for path in tmp_path.iterdir():
        assert "ecret" not in path.read_text()


def test_languages_are_kept_apart_and_may_be_chosen(tmp_path):
    accept(answer(question(title="Не печатает принтер", language="ru"), language="ru"))
    imported = accept(answer(question(title="Der Drucker druckt nicht")))
    Question.objects.filter(pk=imported.question_id).update(language="de")
    assert set(built(tmp_path / "all")) == {("accepted", "ru"), ("accepted", "de")}
    assert set(built(tmp_path / "one", languages=["ru"])) == {("accepted", "ru")}


def test_a_query_never_changes_sides_when_data_grow(tmp_path):
    titles = [f"Why does lamp number {number} blink?" for number in range(12)]
    for title in titles[:6]:
        accept(answer(question(title=title)))
    judged_sets_build(folder=tmp_path)
    before = {text: path.name for path in tmp_path.glob("accepted*") for text in load_judged_set(path).queries.values()}
    for title in titles[6:]:
        accept(answer(question(title=title)))
    judged_sets_build(folder=tmp_path)
    after = {text: path.name for path in tmp_path.glob("accepted*") for text in load_judged_set(path).queries.values()}
    assert set(after) == set(titles)
    assert before.items() <= after.items()


@given(st.sampled_from(["en", "ru", "ja", "ar"]), st.text(max_size=40))
def test_a_side_follows_from_the_words_alone(language, words):
    assert side_of(language, words) == side_of(language, words.upper().lower()) or normalize(words) != normalize(
        words.upper().lower()
    )
    assert side_of(language, words) in ("tuning", "holdout")


def test_about_a_third_is_held_out():
    held = sum(side_of("en", f"query {number}") == "holdout" for number in range(4_000))
    assert held == pytest.approx(40 * HOLDOUT_PERCENT, rel=0.1)


def test_the_manifest_counts_and_what_expired_is_deleted(tmp_path):
    found = question(title="Why does the lamp blink?")
    clicked("lamp blinks", found)
    (tmp_path / "mine.txt").write_text("kept")
    judged_sets_build(folder=tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    (entry,) = manifest["sets"]
    assert (entry["kind"], entry["queries"], entry["documents"]) == ("clicked", 1, 1)
    assert (tmp_path / entry["file"]).exists()
    Search.objects.update(text="", normalized="", withheld=Withheld.EXPIRED)
    judged_sets_build(folder=tmp_path)
    assert not (tmp_path / entry["file"]).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "mine.txt"]


@pytest.mark.parametrize("manifest", ["", "[]", '{"sets": [{"file": "../outside.json"}, {"file": "mine.txt"}]}'])
def test_a_manifest_of_somebody_else_deletes_nothing(tmp_path, manifest):
    folder = tmp_path / "sets"
    folder.mkdir()
    (folder / MANIFEST).write_text(manifest)
    (folder / "mine.txt").write_text("kept")
    (tmp_path / "outside.json").write_text("kept")
    judged_sets_build(folder=folder)
    assert (folder / "mine.txt").exists()
    assert (tmp_path / "outside.json").exists()


def test_the_sets_can_be_evaluated(tmp_path, settings):
    """The two commands fit together: what one writes the other reads, asks and measures."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "index"}
    lamp = accept(answer(question(title="Why does the lamp blink?"), body="A lamp that blinks wants a new battery."))
    clicked("blinking lamp", lamp.question)
    Question.objects.update(created_at=now() - timedelta(days=9))
    said = StringIO()
    call_command("build_judged_sets", str(tmp_path / "sets"), stdout=said)
    assert said.getvalue().count("1 queries, 1 documents") == 2
    files = [str(path) for path in (tmp_path / "sets").glob("*_en.json")]
    call_command("evaluate_search", *files, stdout=said)
    assert said.getvalue().count("1.000 1.000–1.000") == 10


def test_nothing_to_judge_by_is_told(tmp_path):
    said = StringIO()
    call_command("build_judged_sets", str(tmp_path), stdout=said)
    assert "Nothing to judge by yet" in said.getvalue()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file") as caught:
        call_command("build_judged_sets", str(tmp_path / "file"))
    assert "\n" not in str(caught.value)
