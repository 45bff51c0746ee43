"""Addresses of a member's own pages; django-allauth's follow under the same prefix."""

from django.urls import URLPattern, path

from .views import avatars, settings, tokens

urlpatterns: list[URLPattern] = [
    path("account/", settings.index, name="account"),
    path("account/settings/", settings.settings_edit, name="account_settings"),
    path("account/tokens/", tokens.token_list, name="account_tokens"),
    path("account/tokens/<int:token_id>/revoke/", tokens.token_revoke, name="account_token_revoke"),
]

avatar_urlpatterns: list[URLPattern] = [
    path("avatars/<str:username>.svg", avatars.avatar, name="avatar"),
]
