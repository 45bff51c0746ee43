"""The analytics app: what staff measure."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Registers the pages for staff."""
        from django.utils.translation import gettext_lazy as _

        from portal.core.staff import StaffPage, register_staff_page

        register_staff_page(
            StaffPage(
                url_name="staff-deflection",
                label=_("Found without asking"),
                description=_("How many readers found their answer and did not ask, and what suggestions do for it."),
                icon="chart",
                order=20,
            )
        )
