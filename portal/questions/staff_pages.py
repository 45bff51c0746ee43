"""What questions offer to the index of the pages for staff."""

from django.utils.translation import gettext_lazy as _

from portal.core.staff import StaffPage, register_staff_page


def register_pages() -> None:
    """Registers the queues of repeats and of suggested edits, votes in series, decisions, and what was deleted."""
    register_staff_page(
        StaffPage(
            url_name="staff-duplicates",
            label=_("Repeats and merges"),
            description=_("Questions that members say were asked before, what askers contest, what was joined."),
            icon="link",
            order=30,
        )
    )
    register_staff_page(
        StaffPage(
            url_name="staff-edits",
            label=_("Suggested edits"),
            description=_("Changes that members suggest to what others wrote, the longest waiting first."),
            icon="edit",
            order=32,
        )
    )
    register_staff_page(
        StaffPage(
            url_name="staff-votes",
            label=_("Votes in series"),
            description=_("Votes that were taken out of the count, why, and the way to give them back."),
            icon="up",
            order=80,
        )
    )
    register_staff_page(
        StaffPage(
            url_name="staff-questions",
            label=_("Decisions about questions"),
            description=_("What was closed, archived, locked and opened again lately, so that four eyes see it."),
            icon="flag",
            order=40,
        )
    )
    register_staff_page(
        StaffPage(
            url_name="staff-deleted",
            label=_("Deleted posts"),
            description=_("Questions, answers and comments that were deleted, and the way back."),
            icon="reply",
            order=42,
        )
    )
