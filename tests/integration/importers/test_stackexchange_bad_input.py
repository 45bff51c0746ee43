"""Rows that cannot be used, files that are no dump, and files that mean harm."""

from __future__ import annotations

import socket
import time

import pytest
from django.core.management import CommandError

from portal.accounts.models import User
from portal.core.models import Source, Topic
from portal.importers.models import ImportedRow, ImportRun
from portal.questions.models import Answer, Comment, Question

from . import dumps

pytestmark = pytest.mark.django_db


def assert_nothing_was_written() -> None:
    for model in (Source, ImportRun, ImportedRow, User, Topic, Question, Answer):
        assert not model.objects.exists(), model


def refused(run, folder) -> str:
    """Returns the one line with which a folder is refused."""
    with pytest.raises(CommandError) as error:
        run(folder)
    assert error.value.returncode == 1
    assert "\n" not in str(error.value)
    assert_nothing_was_written()
    return str(error.value)


def test_bad_rows_are_reported_with_file_and_line_and_the_good_ones_arrive(run, tmp_path) -> None:
    posts = [
        dumps.question(1),
        dumps.question(None),
        dumps.question("not-a-number"),
        dumps.answer(2, 1),
        dumps.answer(3, 404),
        dumps.question(4, CreationDate="yesterday"),
        dumps.question(5, CreationDate=None),
        dumps.question(6, None),
        dumps.question(7, PostTypeId=99),
        dumps.question(8, PostTypeId=None),
        dumps.question(9, Score="many"),
        dumps.question(10, Score=2**40),
        dumps.question(11, Body=None),
        dumps.answer(12, None),
        dumps.question(1),
        dumps.question("٣"),
        dumps.question(10**30),
    ]
    said = run(dumps.write(tmp_path / "d", Posts=posts))
    assert list(Question.objects.values_list("source_key", flat=True)) == ["1"]
    assert list(Answer.objects.values_list("source_key", flat=True)) == ["2"]
    for line, why in {
        4: "Id is missing",
        5: "Id is no number: 'not-a-number'",
        7: "its question 404 is not in the dump",
        8: "CreationDate is no date: 'yesterday'",
        9: "CreationDate is missing",
        10: "Title is missing",
        11: "PostTypeId is unknown: 99",
        12: "PostTypeId is missing",
        13: "Score is no number: 'many'",
        14: "Score is out of range",
        15: "Body is missing",
        16: "ParentId is missing",
        17: "Id 1 stands in an earlier row",
        18: "Id is no number: '٣'",
        19: "Id is no number",
    }.items():
        assert f"Posts.xml:{line}: {why}" in said, line
    assert "Traceback" not in said


def test_bad_rows_of_the_other_files_are_reported_too(run, tmp_path) -> None:
    folder = dumps.small(
        tmp_path / "d",
        Users=[dumps.user(1), dumps.user(2), dumps.user("x"), dumps.user(4, CreationDate="")],
        Tags=[dumps.tag(1, "oil"), dumps.tag(2, "")],
        Comments=[dumps.comment(1, 10), dumps.comment(2, 999), dumps.comment(3, 10, Text=" "), dumps.comment(None, 10)],
        Votes=[dumps.vote(1, "x", 2), dumps.vote(2, 10, None), dumps.vote(3, 10, 2)],
        PostHistory=[dumps.step(1, 10, "x", ""), dumps.step(2, 999, 2, "")],
    )
    said = run(folder)
    for place in ("Users.xml:5", "Users.xml:6", "Tags.xml:4", "Comments.xml:4", "Comments.xml:5", "Comments.xml:6",
                  "Votes.xml:3", "Votes.xml:4", "PostHistory.xml:3", "PostHistory.xml:4"):  # fmt: skip
        assert f"{place}: " in said, place
    assert Comment.objects.count() == 1
    assert Question.objects.get(source_key="10").imported_upvotes == 1


def test_an_accepted_answer_that_is_missing_or_anothers_is_told_and_ignored(run, tmp_path) -> None:
    posts = [
        dumps.question(1, AcceptedAnswerId=99),
        dumps.question(2, AcceptedAnswerId=3),
        dumps.answer(3, 1),
    ]
    said = run(dumps.write(tmp_path / "d", Posts=posts))
    assert not Question.objects.filter(accepted_answer__isnull=False).exists()
    assert "question 1: its accepted answer 99 is not among its answers" in said
    assert "question 2: its accepted answer 3 is not among its answers" in said


def test_the_output_is_short_and_the_report_is_whole(run, tmp_path, settings) -> None:
    posts = [dumps.question(1), *(dumps.question(f"x{number}") for number in range(100))]
    said = run(dumps.write(tmp_path / "d", Posts=posts))
    assert said.count("Posts.xml:") == 20
    assert "… and 80 more lines." in said
    report = settings.ENVIRONMENT.data_dir / ImportRun.objects.get().report
    assert report.read_text().count("Posts.xml:") == 100
    assert str(report) in said


def test_rows_read_are_the_sum_of_what_became_of_them(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d", Comments=[dumps.comment(1, 10), dumps.comment(2, 30), dumps.comment(3, 999)])
    run(folder)
    counts = ImportRun.objects.get().counts
    for kind, found in counts.items():
        assert found["read"] == sum(found.values()) - found["read"], kind
    assert counts["comments"] == {
        "read": 3, "new": 1, "changed": 0, "unchanged": 0, "left_out": 1, "skipped": 1,
    }  # fmt: skip


def test_foreign_html_is_cleaned_and_stays_readable(run, tmp_path) -> None:
    body = (
        '<p onclick="x()">Words</p><script>alert(1)</script><iframe src="https://x.example.org"></iframe>'
        '<img src="https://x.example.org/a.png" alt="a cat" onerror="x()"><a href="javascript:x()">go</a>'
        '<p style="position:fixed">more</p><svg><script>2</script></svg>'
    )
    folder = dumps.write(
        tmp_path / "d",
        Posts=[dumps.question(1, Body=body), dumps.answer(2, 1, Body=body)],
        Comments=[dumps.comment(1, 1, Text="<img src=x onerror=y> [go](javascript:x) and List<int> `<b>`")],
    )
    run(folder)
    for html in (Question.objects.get().body_html, Answer.objects.get().body_html, Comment.objects.get().body_html):
        for evil in ("<script", "onclick", "<iframe", "<img", 'href="javascript', "style=", "<svg"):
            assert evil not in html
    assert "Words" in Question.objects.get().body_html
    assert "a cat" in Question.objects.get().body_html
    assert "List&lt;int&gt;" in Comment.objects.get().body_html


def test_a_huge_body_arrives_whole(run, tmp_path) -> None:
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(1, Body="<p>" + "word " * 400_000 + "</p>")]))
    assert Question.objects.get().body_html.count("word") == 400_000


def test_characters_that_xml_forbids_are_replaced_and_the_dump_arrives(run, tmp_path) -> None:
    folder = dumps.write(tmp_path / "d", Posts=[dumps.question(1, "Title"), dumps.question(2, "BAD one")])
    text = (folder / "Posts.xml").read_bytes()
    (folder / "Posts.xml").write_bytes(text.replace(b"BAD", b"a\x08b&#x1F;c&#0;d\xff"))
    run(folder)
    assert Question.objects.get(source_key="2").title == "a�b�c�d� one"


HOSTILE = {
    "an entity": "<!DOCTYPE posts [<!ENTITY a 'b'>]>",
    "an entity bomb": "<!DOCTYPE posts [<!ENTITY a 'lol'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 10}'>" for n in range(1, 10))
    + "]>",
    "an external entity": "<!DOCTYPE posts [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
    "a parameter entity": "<!DOCTYPE posts [<!ENTITY % x SYSTEM 'http://127.0.0.1:PORT/x.dtd'> %x;]>",
    "an external subset": "<!DOCTYPE posts SYSTEM 'http://127.0.0.1:PORT/x.dtd'>",
    "a public subset": "<!DOCTYPE posts PUBLIC '-//x//y' 'http://127.0.0.1:PORT/x.dtd'>",
    "an unparsed entity": "<!DOCTYPE posts [<!NOTATION n SYSTEM 'x'><!ENTITY x SYSTEM 'y' NDATA n>]>",
    "default attributes": "<!DOCTYPE posts [<!ATTLIST row Body CDATA 'words from nowhere'>]>",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused_at_once_and_nothing_is_written_or_called(run, tmp_path, kind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        prolog = HOSTILE[kind].replace("PORT", str(listener.getsockname()[1]))
        folder = dumps.small(tmp_path / "d")
        row = (folder / "Posts.xml").read_text("utf-8-sig").split("\n", 1)[1]
        (folder / "Posts.xml").write_text(f'<?xml version="1.0"?>\n{prolog}\n{row}')
        began = time.monotonic()
        said = refused(run, folder)
        assert time.monotonic() - began < 30, "a bomb is not unpacked"
        assert "Posts.xml:2" in said
        assert "refused" in said
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_hostile_file_that_is_read_last_stops_the_import_before_the_first(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d")
    (folder / "Badges.xml").write_text("<!DOCTYPE badges [<!ENTITY a 'b'>]><badges/>")
    assert "Badges.xml:1" in refused(run, folder)


def test_a_bare_doctype_is_harmless(run, tmp_path) -> None:
    folder = dumps.write(tmp_path / "d", Posts=[dumps.question(1)])
    text = (folder / "Posts.xml").read_text("utf-8-sig")
    (folder / "Posts.xml").write_text(text.replace("<posts>", "<!DOCTYPE posts>\n<posts>"))
    run(folder)
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Posts.xml"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "Posts.xml"),
        (b"<posts><row Id='1'", "Posts.xml:1"),
        (b"<posts>\n<row Id='1' />\n", "Posts.xml:3"),
        (b"<users></users>", "it begins with <users>"),
        (b"{}", "Posts.xml:1"),
        (b"<posts>" + b"<a>" * 1000, "too deep"),
        (b"<?xml version='1.0' encoding='windows-1251'?><posts/>", "windows-1251"),
        (b"<posts><row Body='" + b"x" * 9_000_000 + b"'/></posts>", "more than 8 MB"),
    ],
)
def test_what_is_no_dump_is_refused_in_a_line(run, tmp_path, content, told) -> None:
    folder = dumps.small(tmp_path / "d")
    (folder / "Posts.xml").write_bytes(content)
    assert told in refused(run, folder)


def test_a_file_that_is_cut_off_stops_the_import_before_it_begins(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d")
    whole = (folder / "Comments.xml").read_bytes()
    (folder / "Comments.xml").write_bytes(whole[: len(whole) - 30])
    assert "Comments.xml" in refused(run, folder)


def test_a_folder_that_is_missing_or_holds_no_posts_is_refused(run, tmp_path) -> None:
    assert "is not a folder" in refused(run, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "no Posts.xml" in refused(run, tmp_path / "empty")


def test_a_language_that_does_not_exist_is_refused(run, tmp_path) -> None:
    with pytest.raises(CommandError, match="No language has the code xx"):
        run(dumps.small(tmp_path / "d"), language="xx")


def test_files_in_other_letters_are_found(run, tmp_path) -> None:
    folder = dumps.write(tmp_path / "d", Posts=[dumps.question(1)])
    (folder / "Posts.xml").rename(folder / "posts.XML")
    run(folder)
    assert Question.objects.count() == 1


def test_an_empty_dump_is_a_dump(run, tmp_path) -> None:
    assert "Nothing changed." in run(dumps.write(tmp_path / "d", Posts=[]))
