"""What callers send, read strictly: properties of the small parsers."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from portal.api.auth import token_of
from portal.api.parsing import NO_VERSION, StrictParser, moment_read, version_begun_from, versions_read
from portal.api.problems import BadToken, PreconditionNeeded
from portal.api.schemas import moment_written
from portal.core.errors import PortalError
from portal.core.paging import decode_cursor, encode_cursor

versions = st.integers(min_value=1, max_value=10**9)
moments = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))
cursor_values = st.one_of(
    st.integers(-(2**60), 2**60), st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False)
)


def changed(header: str | None, current: int) -> int:
    """Returns what a PATCH with this ``If-Match`` began from."""
    headers = {} if header is None else {"If-Match": header}
    return version_begun_from(RequestFactory().patch("/", headers=headers), current)


class TestIfMatch:
    """Versions that a change began from."""

    @given(versions)
    def test_every_form_of_the_current_version_is_known(self, version: int) -> None:
        for form in (f'"{version}"', f'W/"{version}"', f"{version}", f' "{version}" ', f'"0", "{version}"', "*"):
            assert changed(form, version) == version

    @given(versions, versions)
    def test_another_version_is_stale(self, current: int, other: int) -> None:
        if current != other:
            assert changed(f'"{other}"', current) == NO_VERSION

    @given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=50), versions)
    def test_no_text_is_ever_taken_for_a_version_it_does_not_name(self, text: str, current: int) -> None:
        if not text.strip():
            with pytest.raises(PreconditionNeeded):
                changed(text, current)
        else:
            begun = changed(text, current)
            assert begun in (NO_VERSION, current)
            if begun == current:
                assert text.strip() == "*" or str(current) in text

    def test_without_the_header_it_is_asked_for(self) -> None:
        with pytest.raises(PreconditionNeeded):
            changed(None, 1)

    @pytest.mark.parametrize(
        ("header", "named"),
        [
            ("*", None),
            ('"3"', {"3"}),
            ('W/"3"', {"3"}),
            ("3", {"3"}),
            ('"3", W/"4",5', {"3", "4", "5"}),
            ('"3', set()),
            ('3"', set()),
            ('"3" "4"', set()),
            (",,", set()),
            ('""', {""}),
        ],
    )
    def test_lists_are_read(self, header: str, named: set[str] | None) -> None:
        found = versions_read(header)
        assert found is None if named is None else {name or "" for name in found or set()} == named


class TestMoments:
    """Moments in and out."""

    @given(moments)
    def test_what_is_told_can_be_asked_for(self, moment: datetime) -> None:
        assert moment_read(moment_written(moment)) == moment

    @given(moments, st.integers(-14 * 60, 14 * 60))
    def test_any_zone_means_the_same_moment(self, moment: datetime, minutes: int) -> None:
        shifted = moment + timedelta(minutes=minutes)
        sign = "+" if minutes >= 0 else "-"
        zone = f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        text = shifted.replace(tzinfo=None).isoformat() + zone
        assert moment_read(text) == moment
        assert moment_read(text.replace("+", " ")) == moment

    def test_without_a_zone_it_is_utc(self) -> None:
        assert moment_read("2026-01-31T12:00:00") == datetime(2026, 1, 31, 12, tzinfo=UTC)
        assert moment_read("2026-01-31") == datetime(2026, 1, 31, tzinfo=UTC)

    @given(st.text(max_size=40))
    def test_any_other_text_is_refused_and_never_crashes(self, text: str) -> None:
        with contextlib.suppress(ValueError):
            assert moment_read(text).tzinfo is UTC


class TestCursors:
    """Places in lists."""

    @given(st.lists(cursor_values, min_size=1, max_size=3))
    def test_what_is_encoded_is_read_again(self, values: list[object]) -> None:
        assert decode_cursor(encode_cursor(values), len(values)) == values

    @given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        with contextlib.suppress(PortalError):
            assert len(decode_cursor(text, 2)) == 2

    @given(st.lists(st.integers(), min_size=1, max_size=4), st.integers(1, 4))
    def test_one_of_another_list_is_refused(self, values: list[int], size: int) -> None:
        if len(values) != size:
            with pytest.raises(PortalError):
                decode_cursor(encode_cursor(list(values)), size)


class TestBodies:
    """JSON, strictly."""

    @given(st.binary(max_size=80))
    def test_any_bytes_are_read_or_refused(self, raw: bytes) -> None:
        request = RequestFactory().generic("POST", "/", raw)
        with contextlib.suppress(ValueError, RecursionError):
            StrictParser().parse_body(request)

    @pytest.mark.parametrize("raw", [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"\xff", "{}".encode("utf-16")])
    def test_what_json_does_not_know_is_refused(self, raw: bytes) -> None:
        with pytest.raises(ValueError):
            StrictParser().parse_body(RequestFactory().generic("POST", "/", raw))


class TestTokens:
    """The Authorization header."""

    @pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", " BEARER   abc "])
    def test_a_bearer_token_is_read(self, header: str) -> None:
        assert token_of(header) == "abc"

    @pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc"])
    def test_anything_else_is_refused(self, header: str) -> None:
        with pytest.raises(BadToken):
            token_of(header)
