"""What questions offer to the index of the pages for staff."""

from django.utils.translation import gettext_lazy as _

from portal.core.staff import StaffPage, register_staff_page


def register_pages() -> None:
    """Registers the queue of repeats."""
    register_staff_page(
        StaffPage(
            url_name="staff-duplicates",
            label=_("Repeats and merges"),
            description=_("Questions that members say were asked before, what askers contest, what was joined."),
            icon="link",
            order=30,
        )
    )
