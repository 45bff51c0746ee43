"""In which language a request is answered, and which addresses stand under none."""

import pytest
from django.conf import settings
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from portal.core.language import PLAIN_PREFIXES, asked_language

from .conftest import Caller

OURS = [code for code, _name in settings.LANGUAGES]


def asked(header: str) -> str | None:
    """Returns the language that a request with this header asks for."""
    return asked_language(RequestFactory().get("/", headers={"Accept-Language": header}))


class TestAsked:
    """The Accept-Language header."""

    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("", None),
            ("*", None),
            ("ru", "ru"),
            ("RU", "ru"),
            ("ja-JP", "ja"),
            ("de, fr;q=0.9", None),
            ("de, ar;q=0.2, ru;q=0.1", "ar"),
            ("en;q=0.1, ja;q=0.9", "ja"),
            ("q=1;;,", None),
            ("ru;q=x", None),
        ],
    )
    def test_the_first_of_ours_counts(self, header: str, language: str | None) -> None:
        assert asked(header) == language

    @given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=600))
    def test_any_text_names_one_of_ours_or_none(self, header: str) -> None:
        assert asked(header) in [*OURS, None]

    @given(st.permutations(OURS))
    def test_weights_decide_whatever_the_order(self, order: list[str]) -> None:
        header = ", ".join(f"{code};q={(len(order) - place) / 10:.1f}" for place, code in enumerate(order))
        assert asked(", ".join(reversed(header.split(", ")))) == order[0]


@pytest.mark.django_db
class TestAddresses:
    """Addresses for machines and for people."""

    @pytest.mark.parametrize("prefix", PLAIN_PREFIXES)
    def test_what_machines_do_not_find_is_not_looked_for_under_a_language(self, stranger: Caller, prefix: str) -> None:
        for rest in ("nothing", "nothing/"):
            response = stranger.get(f"{prefix}{rest}")
            assert response.status_code == 404
            assert response.headers["Content-Language"] == "en"
            assert "Accept-Language" in response.headers["Vary"]

    def test_people_are_led_to_their_language(self, stranger: Caller) -> None:
        response = stranger.get("/questions/", Accept_Language="ja")
        assert (response.status_code, response.headers["Location"]) == (302, "/ja/questions/")
