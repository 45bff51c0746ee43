"""A file is known by what is in it; what a browser could run is not taken under any name."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.questions.services.filetypes import FILE_TYPES, is_picture
from portal.questions.services.uploads import NAME_LONGEST, safe_name
from portal.settings.environment import UPLOAD_TYPES, BadEnvironment, read_environment
from tests.factories.files import PDF, archive, picture

GOOD = {
    "txt": "Привет, 世界\n".encode(),
    "log": b"2026-01-01 12:00 \x1b[31mERROR\x1b[0m failed\r\n\tat line 3\n",
    "md": b"# Title\n\n<b>bold</b>\n",
    "csv": "a;b\n1;2\n".encode("cp1251"),
    "tsv": b"a\tb\n",
    "json": json.dumps({"a": [1, None, "ж"]}).encode(),
    "yaml": b"a: 1\n",
    "ini": b"[a]\nb=1\n",
    "conf": b"listen 80;\n",
    "diff": b"--- a\n+++ b\n",
    "patch": b"--- a\n+++ b\n",
    "pdf": PDF,
    "zip": archive(),
    "gz": gzip.compress(b"hello"),
}
PAGES = [
    b"<!doctype html><script>alert(1)</script>",
    b"  \n<HTML><body onload=alert(1)>",
    b"\xef\xbb\xbf<html>",
    b"<!-- a remark --> <svg onload='alert(1)'/>",
    b"<?xml version='1.0'?><svg/>",
    b"<script>alert(1)</script>",
    b"<iframe src=//x>",
    "<html>".encode("utf-16"),
]


def test_every_type_of_the_setting_is_known_and_tried_here():
    assert set(UPLOAD_TYPES) == set(FILE_TYPES) == set(GOOD)


@pytest.mark.parametrize("name", GOOD)
def test_each_is_what_it_says(name):
    assert FILE_TYPES[name].holds(GOOD[name])


@pytest.mark.parametrize("name", GOOD)
def test_nothing_runs_in_a_browser(name):
    assert not any(word in FILE_TYPES[name].content_type for word in ("html", "xml", "svg", "script"))


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("data", PAGES, ids=range(len(PAGES)))
def test_a_page_is_none_of_them(name, data):
    assert not FILE_TYPES[name].holds(data)


@pytest.mark.parametrize("name", ["txt", "csv", "json", "pdf", "zip", "gz"])
@pytest.mark.parametrize("data", [b"MZ\x90\x00\x03" + b"\0" * 60, b"\x7fELF\x02" + b"\0" * 60], ids=["exe", "elf"])
def test_a_program_is_none_of_them(name, data):
    assert not FILE_TYPES[name].holds(data)


def test_an_archive_begins_with_itself():
    assert not FILE_TYPES["zip"].holds(b"#!/bin/sh\n" + archive())
    assert not FILE_TYPES["zip"].holds(PDF + archive())
    assert not FILE_TYPES["zip"].holds(archive()[:40])


def test_a_document_begins_and_ends_as_one():
    assert not FILE_TYPES["pdf"].holds(b"x" + PDF)
    assert not FILE_TYPES["pdf"].holds(PDF[:20])


def test_json_nested_beyond_reason_is_refused():
    assert not FILE_TYPES["json"].holds(b"[" * 200_000 + b"]" * 200_000)


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_a_crash(data):
    for kind in FILE_TYPES.values():
        assert kind.holds(data) in (True, False)


@pytest.mark.parametrize(
    ("data", "extension", "expected"),
    [
        (picture("GIF"), "txt", True),
        (picture("WEBP"), "zip", True),
        (b"hello", "png", True),
        (b"hello", "heic", True),
        (b"hello", "txt", False),
        (b"RIFF....WAVE", "txt", False),
    ],
)
def test_a_picture_is_known_by_its_first_bytes_or_its_name(data, extension, expected):
    assert is_picture(data=data, extension=extension) is expected


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("photo.png", "photo.png"),
            ("/etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("../../../", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("снимок экрана.png", "снимок экрана.png"),
            ("a\u202egnp.exe", "agnp.exe"),
            ("a\x00b\n.txt", "ab.txt"),
            ("  a   b .txt", "a b.txt"),
            ("archive.tar.gz", "archive.tar.gz"),
            ("x" * 300 + ".log", "x" * (NAME_LONGEST - 10) + ".log"),
        ],
    )
    def test_what_is_kept_of_a_name(self, given, kept):
        assert safe_name(given) == kept

    @given(st.text(max_size=200))
    def test_any_name_can_stand_in_an_address(self, given):
        name = safe_name(given)
        assert name and len(name) <= NAME_LONGEST
        assert not set(name) & set("/\\\n\r\x00\u202e")
        assert safe_name(name) == name


class TestSetting:
    def test_without_it_all_types_are_taken(self):
        assert read_environment({}).upload_types == UPLOAD_TYPES

    @pytest.mark.parametrize(("value", "types"), [("pdf, .LOG", ("pdf", "log")), ("0", ()), ("txt", ("txt",))])
    def test_it_names_those_that_are(self, value, types):
        assert read_environment({"PORTAL_UPLOAD_TYPES": value}).upload_types == types

    @pytest.mark.parametrize("value", ["exe", "pdf,html", "svg", "1"])
    def test_another_type_stops_the_start(self, value):
        with pytest.raises(BadEnvironment, match="PORTAL_UPLOAD_TYPES"):
            read_environment({"PORTAL_UPLOAD_TYPES": value})
