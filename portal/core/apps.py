"""The core app: what every other app may use."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.core"
    label = "core"

    def ready(self) -> None:
        """Registers the log of what the staff did among the pages for staff."""
        from django.utils.translation import gettext_lazy as _

        from .staff import StaffPage, register_staff_page

        register_staff_page(
            StaffPage(
                url_name="staff-audit",
                label=_("What the staff did"),
                description=_("Acts that must be answered for: who did them, why and when."),
                icon="history",
                order=90,
            )
        )
