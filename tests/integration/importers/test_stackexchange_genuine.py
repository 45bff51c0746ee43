"""The two genuine dumps that this project was given to develop with. They are nobody's to ship: absent, these skip."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from portal.questions.models import Answer, Comment, Question, QuestionLink, Revision, Status

ROOT = next((found for near in (Path(__file__).resolve().parents[3], *Path(__file__).resolve().parents[3].parents)
             if (found := near / "shared" / "data" / "stackexchange").is_dir()), None)  # fmt: skip

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(ROOT is None, reason="the genuine dumps of ../shared/data are not here"),
]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """All rows of a small file."""
    return [dict(element.attrib) for element in ElementTree.parse(folder / f"{name}.xml").getroot()]


@pytest.fixture(params=[("ai", 421, 749, 212, 1165, 6), ("conlang_meta", 54, 115, 11, 230, 1)], ids=lambda p: p[0])
def dump(request) -> tuple[Path, tuple[int, ...]]:
    """A dump and (questions, answers, accepted, comments, duplicates) in it."""
    return ROOT / request.param[0], request.param[1:]


def test_it_arrives_whole_and_once(run, dump) -> None:
    folder, (questions, answers, accepted, comments, duplicates) = dump
    said = run(folder, site=None)
    for _again in range(2):
        assert Question.objects.count() == questions
        assert Answer.objects.count() == answers
        assert Question.objects.filter(accepted_answer__isnull=False).count() == accepted
        assert Comment.objects.count() == comments
        assert Question.objects.filter(status=Status.DUPLICATE, duplicate_of__isnull=False).count() == duplicates
        assert sum(Question.objects.values_list("answers_count", flat=True)) == answers
        assert "Traceback" not in said
        said = run(folder, site=None)
    assert "Nothing changed." in said


def test_scores_titles_and_links_are_those_of_the_files(run, dump) -> None:
    folder, _numbers = dump
    run(folder, site=None)
    posts = {row["Id"]: row for row in rows(folder, "Posts")}
    for question in Question.objects.prefetch_related("topics"):
        row = posts[question.source_key]
        assert question.title == " ".join(row["Title"].split())
        assert question.score == int(row["Score"])
        assert question.answers_count == int(row["AnswerCount"])
        assert len(question.topics.all()) == row["Tags"].count("<") or "|" in row["Tags"]
    linked = {
        (row["PostId"], row["RelatedPostId"], row["LinkTypeId"])
        for row in rows(folder, "PostLinks")
        if all(posts.get(row[end], {}).get("PostTypeId") == "1" for end in ("PostId", "RelatedPostId"))
    }
    kinds = {"related": "1", "duplicate": "3"}
    found = QuestionLink.objects.values_list("question__source_key", "target__source_key", "kind")
    assert linked <= {(question, target, kinds[kind]) for question, target, kind in found}


def test_every_revision_of_the_history_arrives(run) -> None:
    folder = ROOT / "conlang_meta"
    run(folder, site=None)
    kept = {row["Id"] for row in rows(folder, "Posts") if row["PostTypeId"] in ("1", "2")}
    groups = {
        (row["PostId"], row["RevisionGUID"])
        for row in rows(folder, "PostHistory")
        if int(row["PostHistoryTypeId"]) <= 9 and row["PostId"] in kept
    }
    assert Revision.objects.count() == len(groups)
    assert not Question.objects.exclude(body_format="markdown").exists()
