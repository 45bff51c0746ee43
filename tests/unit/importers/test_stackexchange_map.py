"""What a row means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.importers.stackexchange import map as rows
from portal.importers.stackexchange.history import original_of
from portal.importers.stackexchange.load import site_hosts, site_named
from portal.importers.stackexchange.map import BadRow, digest, moment, tags_of, whole
from portal.importers.stackexchange.people import USERNAME_LONGEST, username_choices
from portal.importers.stackexchange.texts import comment_html, site_links
from portal.importers.stackexchange.topics import tag_slug
from tests.integration.importers import dumps

MAPPERS = [rows.person, rows.tag, rows.post, rows.remark, rows.link, rows.ballot, rows.award, rows.step, rows.post_type]
NAMES = sorted(
    {*rows.USER_ATTRIBUTES, *rows.TAG_ATTRIBUTES, *rows.POST_ATTRIBUTES, *rows.COMMENT_ATTRIBUTES,
     *rows.LINK_ATTRIBUTES, *rows.BADGE_ATTRIBUTES, *rows.HISTORY_ATTRIBUTES, "Id", "VoteTypeId"}
)  # fmt: skip
VALUES = st.text(max_size=30) | st.sampled_from(
    [
        "1",
        "2",
        "-1",
        "0",
        "99999999999999999999",
        "2021-02-03T04:05:06.007",
        "0001-01-01T00:00:00+23:59",
        "<a><b>",
        "NaN",
    ]
)


# The first example waits for the tables of characters to be made, which a busy machine takes its time for.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(row=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=20))
def test_any_row_becomes_a_record_or_is_bad(row) -> None:
    for mapper in MAPPERS:
        try:
            mapper(row)
        except BadRow as error:
            assert str(error)


@pytest.mark.parametrize("value", ["", "x", "1.0", "1e3", " 1", "1_000", "٣", "--1", "9" * 19, "0x10"])
def test_what_is_no_number_is_bad(value) -> None:
    with pytest.raises(BadRow):
        whole({"Id": value}, "Id")


@given(st.integers(-(10**17), 10**17))
def test_numbers_are_read(number) -> None:
    assert whole({"Id": str(number)}, "Id") == number


def test_dates_are_aware_and_in_utc() -> None:
    assert moment({"D": "2021-02-03T04:05:06.007"}, "D") == datetime(2021, 2, 3, 4, 5, 6, 7000, tzinfo=UTC)
    assert moment({"D": "2021-02-03T04:05:06+05:00"}, "D") == datetime(
        2021, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=5))
    )
    assert moment({"D": "2021-02-03"}, "D").tzinfo is UTC


@pytest.mark.parametrize("value", ["", "yesterday", "2021-13-01", "0001-01-01T00:00:00+23:00", "1612324800"])
def test_what_is_no_date_is_bad(value) -> None:
    with pytest.raises(BadRow):
        moment({"D": value}, "D")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("<a><b>", ["a", "b"]),
        ("|a|b|", ["a", "b"]),
        ("<c++><.net><c#>", ["c++", ".net", "c#"]),
        ("", []),
        ("<a><a>", ["a"]),
        ("a b", ["a", "b"]),
        ("<" * 1000, []),
    ],
)
def test_tags_are_read_in_both_spellings(value, names) -> None:
    assert tags_of(value) == names


@given(st.text(max_size=3000))
def test_tags_are_few_and_short(value) -> None:
    found = tags_of(value)
    assert len(found) <= 30
    assert all(0 < len(name) <= 100 for name in found)


@given(st.text(min_size=1, max_size=100).filter(lambda name: name.split() == [name]))
def test_every_tag_has_a_slug(name) -> None:
    assert 0 < len(tag_slug(name)) <= 100


def test_digests_tell_an_empty_value_from_a_missing_one_and_ignore_other_attributes() -> None:
    names = ("A", "B")
    assert digest({"A": "1"}, names) != digest({"A": "1", "B": ""}, names)
    assert digest({"A": "1", "C": "x"}, names) == digest({"A": "1"}, names)
    assert digest({"A": "12", "B": ""}, names) != digest({"A": "1", "B": "2"}, names)
    assert -(2**63) <= digest({"A": "x"}, names) < 2**63


def test_a_questions_row_is_read_whole() -> None:
    row = {
        key: str(value) for key, value in dumps.question(7, "  A   title ", AcceptedAnswerId=9, ViewCount=-5).items()
    }
    found = rows.post(row)
    assert (found.key, found.title, found.accepts, found.views) == (7, "A title", 9, 0)
    assert found.tags == ["hinges", "oil"]


@given(st.integers(-5, 10**6), st.text(max_size=90), st.text(min_size=1, max_size=90))
def test_usernames_are_such_as_the_portal_allows(key, name, site) -> None:
    from portal.accounts.models import User

    check = User._meta.get_field("username").validators[0]
    choices = username_choices(key, name, site)
    for choice in choices:
        check(choice)
        assert 0 < len(choice) <= USERNAME_LONGEST
    assert choices[-1] != choices[0]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("1. no list", "<p>1. no list</p>"),
        ("# no heading", "<p># no heading</p>"),
        ("[x](https://example.org)",
         '<p><a href="https://example.org" rel="nofollow ugc noopener noreferrer">x</a></p>'),
        ("[x](javascript:y)", "<p>[x](javascript:y)</p>"),
        ("vector<int> & co", "<p>vector&lt;int&gt; &amp; co</p>"),
        ("see [tag:oil]", "<p>see <code>oil</code></p>"),
    ],
)  # fmt: skip
def test_comments_are_rendered_inline(text, html) -> None:
    assert comment_html(text) == html


@pytest.mark.parametrize(
    ("name", "host", "hosts"),
    [
        ("ai.stackexchange.com", "ai.stackexchange.com", ("ai.stackexchange.com",)),
        ("ai", "", ("ai.stackexchange.com", "ai.com")),
        ("conlang_meta", "", ("conlang.meta.stackexchange.com", "meta.conlang.com")),
        ("my dump", "", ()),
        ("..", "", ()),
    ],
)
def test_a_name_is_an_address_only_where_it_is_one(name, host, hosts) -> None:
    assert site_hosts(name) == (host, hosts)


def test_a_site_is_named_by_its_folder_unless_it_is_named(tmp_path) -> None:
    assert site_named(tmp_path, None) == tmp_path.name
    assert site_named(tmp_path, "https://ai.stackexchange.com/") == "ai.stackexchange.com"
    with pytest.raises(rows.BadRow.__mro__[1]):
        site_named(tmp_path, "x" * 101)


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("https://x.org/questions/12/a-title", ("12", None)),
        ("http://www.x.org/q/12", ("12", None)),
        ("//x.org/a/12/99", ("12", None)),
        ("/questions/12/a-title/34#34", ("12", "34")),
        ("https://x.org/questions/tagged/oil", None),
        ("https://x.org/questions/12/a/34/more", None),
        ("https://y.org/q/12", None),
        ("https://x.org.evil.org/q/12", None),
        ("https://x.org/users/12", None),
    ],
)
def test_links_to_own_posts_are_told_from_others(address, ids) -> None:
    found = site_links(("x.org",)).search(f'<a href="{address}">')
    assert (found and found.group(3, 4)) == ids


@given(st.text(max_size=200))
def test_any_closing_names_an_original_or_none(text) -> None:
    assert isinstance(original_of(text), int)
