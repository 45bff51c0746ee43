"""What an address may ask of the ledger: whatever stands in it, the filter can be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.analytics.forms import FixForm, gap_filter, language_codes
from portal.analytics.models import Gap, GapKind, GapSource, GapStatus
from portal.analytics.selectors.gaps import LIVE, GapFilter, Week


def test_nothing_asked_is_what_the_staff_have_to_do():
    assert gap_filter({}) == GapFilter(language="", kind="", status=LIVE, assignee="")


@pytest.mark.parametrize("status", GapStatus.values)
def test_a_status(status):
    assert gap_filter({"status": status}).status == status


def test_all_statuses_are_an_empty_one():
    assert gap_filter({"status": "all"}).status == ""


@pytest.mark.parametrize("kind", GapKind.values)
def test_a_kind(kind):
    assert gap_filter({"kind": kind}).kind == kind


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("me", "me"), ("nobody", "nobody"), ("12", "12"), ("١٢", ""), ("-1", ""), ("1.5", ""), ("9" * 19, ""), ("x", "")],
)
def test_whose(asked, kept):
    assert gap_filter({"assignee": asked}).assignee == kept


@given(st.dictionaries(st.sampled_from(["language", "kind", "status", "assignee", "after"]), st.text(max_size=30)))
def test_any_address_gives_a_filter(values):
    found = gap_filter(values)
    assert found.kind in ("", *GapKind.values)
    assert found.status in ("", LIVE, *GapStatus.values)
    assert found.assignee in ("", "me", "nobody") or int(found.assignee) >= 0
    assert len(found.language) <= 12
    assert "\x00" not in found.language


def test_languages_are_ours_first_then_others_once():
    assert language_codes(["de", "en", "fr"]) == ["en", "ru", "ja", "ar", "de", "fr"]
    assert language_codes([]) == ["en", "ru", "ja", "ar"]


def test_the_form_of_a_fix_needs_both():
    assert not FixForm({}).is_valid()
    assert not FixForm({"kind": "prayer", "url": "/en/"}).is_valid()
    assert not FixForm({"kind": "article", "url": " " * 5}).is_valid()
    form = FixForm({"kind": "term", "url": " /cms/ "})
    assert form.is_valid()
    assert form.cleaned_data == {"kind": "term", "url": "/cms/"}


@pytest.mark.parametrize(("window", "clicked", "rate"), [(0, 0, None), (4, 1, 0.25), (3, 3, 1.0), (5, 0, 0.0)])
def test_a_click_rate_is_a_share(window, clicked, rate):
    assert Gap(window=window, clicked=clicked).click_rate == rate


@pytest.mark.parametrize(("lately", "earlier", "trend", "fall"), [(5, 3, 2, -2), (3, 5, -2, 2), (4, 4, 0, 0)])
def test_a_trend_is_this_month_less_the_one_before(lately, earlier, trend, fall):
    gap = Gap(lately=lately, earlier=earlier)
    assert (gap.trend, gap.fall) == (trend, fall)


def test_a_gap_without_its_leader_has_no_words_but_a_name():
    assert Gap(source=GapSource.SEARCHES).words == ""
    assert Gap(source=GapSource.UNANSWERED).words == ""
    assert str(Gap(pk=4, source=GapSource.SEARCHES)) == "searches 4"


def test_a_week_without_searches_has_no_rates():
    empty, full = Week(None, 0, 0, 0), Week(None, 8, 2, 4)
    assert (empty.zero_rate, empty.click_rate) == (None, None)
    assert (full.zero_rate, full.click_rate) == (0.25, 0.5)
