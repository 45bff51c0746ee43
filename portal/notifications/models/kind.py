"""What members are told of, and by which way."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Why a member is told of something."""

    SAVED_SEARCH = "saved_search", _("Saved search")
    MENTION = "mention", _("Somebody mentions you")
    ANSWER = "answer", _("New answers")
    OFFICIAL = "official", _("Official answers")
    ACCEPTED = "accepted", _("Accepted answers")
    COMMENT = "comment", _("Comments")
    STATUS = "status", _("A question is closed, opened again or needs details")
    EDIT = "edit", _("Somebody edits what you wrote")
    SUGGESTION = "suggestion", _("Suggested edits")
    CONFIRMATION = "confirmation", _("An answer of yours is to be confirmed")
    MERGED = "merged", _("Your question is joined with another")
    REMINDER = "reminder", _("A reminder to accept an answer")
    QUESTION = "question", _("New questions in topics you follow")
    MEMBER = "member", _("New posts of members you follow")


class Channel(models.TextChoices):
    """By which way a member is told of a kind."""

    MAIL = "mail", _("Inbox and mail")
    DIGEST = "digest", _("Inbox and one mail a day")
    INBOX = "inbox", _("Inbox only")
    NEVER = "never", _("Not at all")


# What a member has who never chose. Saved searches have a pace of their own.
USUAL = {
    Kind.MENTION: Channel.MAIL,
    Kind.ANSWER: Channel.MAIL,
    Kind.OFFICIAL: Channel.MAIL,
    Kind.ACCEPTED: Channel.MAIL,
    Kind.COMMENT: Channel.MAIL,
    Kind.STATUS: Channel.MAIL,
    Kind.EDIT: Channel.INBOX,
    Kind.SUGGESTION: Channel.MAIL,
    Kind.CONFIRMATION: Channel.INBOX,
    Kind.MERGED: Channel.MAIL,
    Kind.REMINDER: Channel.MAIL,
    Kind.QUESTION: Channel.DIGEST,
    Kind.MEMBER: Channel.DIGEST,
}
