"""The analytics app: what staff measure."""

from datetime import timedelta

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Registers the pages for staff and the job that keeps the gap ledger."""
        from django.utils.translation import gettext_lazy as _

        from portal.core.periodic import PeriodicJob, register_periodic
        from portal.core.staff import StaffPage, register_staff_page

        from .services.ledger import ledger_update

        register_periodic(PeriodicJob(name="gap-ledger", every=timedelta(minutes=15), run=ledger_update))
        register_staff_page(
            StaffPage(
                url_name="staff-search",
                label=_("Gaps"),
                description=_("What people look for and do not find, who sees to it, and whether it helped."),
                icon="search",
                order=10,
            )
        )
        register_staff_page(
            StaffPage(
                url_name="staff-deflection",
                label=_("Found without asking"),
                description=_("How many readers found their answer and did not ask, and what suggestions do for it."),
                icon="chart",
                order=20,
            )
        )
