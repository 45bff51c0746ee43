from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search library: knows documents, languages and engines, nothing of the portal."""

    name = "search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
