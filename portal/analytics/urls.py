"""Addresses of what staff measure; they carry no language."""

from django.urls import URLPattern, path

from .views import deflection, gaps, index

urlpatterns: list[URLPattern] = [
    path("staff/", index.index, name="staff"),
    path("staff/deflection/", deflection.deflection, name="staff-deflection"),
    path("staff/search/", gaps.gap_list, name="staff-search"),
    path("staff/search/gaps.csv", gaps.gap_csv, name="staff-search-csv"),
    path("staff/search/<int:gap_id>/", gaps.gap_detail, name="staff-gap"),
    path("staff/search/<int:gap_id>/fix/", gaps.gap_fix, name="staff-gap-fix"),
    path("staff/search/<int:gap_id>/assign/", gaps.gap_assign, name="staff-gap-assign"),
    path("staff/search/<int:gap_id>/<slug:act>/", gaps.gap_act, name="staff-gap-act"),
    path("staff/search/changes/<int:change_id>/undo/", gaps.gap_undo, name="staff-gap-undo"),
]
