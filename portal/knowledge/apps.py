"""The knowledge app."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.knowledge"
    label = "knowledge"
