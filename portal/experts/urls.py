"""Addresses of members and experts."""

from django.urls import URLPattern, path

from .views import experts, members, profile

urlpatterns: list[URLPattern] = [
    path("members/", members.member_list, name="members"),
    path("members/<str:username>/", members.member, name="member"),
    path("experts/", experts.expert_list, name="experts"),
    path("badges/", experts.badge_list, name="badges"),
    path("account/profile/", profile.profile_edit, name="profile-edit"),
]
