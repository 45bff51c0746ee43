"""How allauth behaves here: our words, addresses under the reader's language, mails in the person's own."""

import logging
from smtplib import SMTPException
from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.db import transaction
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.errors import PortalError

from .indexing import members_changed

logger = logging.getLogger(__name__)

# The links that allauth puts into its mails.
LINKS = ("activate_url", "password_reset_url", "signup_url")


class MailFailed(PortalError):
    """The mail server did not take a mail."""

    status, code = 503, "mail-failed"
    default = _("The mail could not be sent just now. Nothing is lost: sign in a little later and we send it again.")


def _home() -> str:
    return f"/{translation.get_language() or settings.LANGUAGE_CODE}/"


class PortalAccountAdapter(DefaultAccountAdapter):
    """Keeps the language a person signs up in and the page she came from, and writes in words of ours."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("This is the address we write to. Choose another one for that first."),
        "duplicate_email": _("This address is on your list already."),
        "email_password_mismatch": _("The address or the password is not right."),
        "email_taken": _("This address belongs to another member."),
        "enter_current_password": _("This is not your password now."),
        "incorrect_password": _("The password is not right."),
        "invalid_login": _("The name or the password is not right."),
        "invalid_password_reset": _("This link does not work any more. Ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, or choose a new password."),
        "unknown_email": _("We know no member with this address."),
        "unverified_primary_email": _("Open the link that we sent to this address first."),
        "username_blacklisted": _("This name is kept for the portal itself. Please choose another."),
        "username_password_mismatch": _("The name or the password is not right."),
        "username_taken": _("This username is taken."),
        "rate_limited": _("That was a lot in a short time. Please wait a little and try again."),
    }

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Saves a new member with the language of the page that she signed up on."""
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        with transaction.atomic():
            saved = super().save_user(request, user, form, commit)
            if commit:
                members_changed([saved.pk])
        return saved

    def confirm_email(self, request: Any, email_address: Any) -> bool:
        """Marks an address as proven; who proves a first one can be found from now on."""
        with transaction.atomic():
            done = bool(super().confirm_email(request, email_address))
            members_changed([email_address.user_id])
        return done

    def pre_login(self, request: Any, user: Any, **more: Any) -> Any:
        """Stops who may not sign in now (allauth itself asks for ``is_active`` only, which demo accounts pass)."""
        if not user.may_sign_in():
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **more)

    def get_login_redirect_url(self, request: Any) -> str:
        """Returns the home page in the member's own language."""
        language = getattr(request.user, "language", "")
        return f"/{language}/" if language in dict(settings.LANGUAGES) else _home()

    def get_signup_redirect_url(self, request: Any) -> str:
        """Returns the home page of the current language."""
        return _home()

    def get_logout_redirect_url(self, request: Any) -> str:
        """Returns the home page of the current language."""
        return _home()

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """Returns where to go once an address is proven: home when signed in, else to sign in."""
        if self.request.user.is_authenticated:
            return self.get_login_redirect_url(self.request)
        return reverse("account_login")

    def get_email_confirmation_url(self, request: Any, emailconfirmation: Any) -> str:
        """Returns the link that proves an address; it remembers where its owner was, for another browser too."""
        url = str(super().get_email_confirmation_url(request, emailconfirmation))
        target = get_next_redirect_url(request) if request is not None else None
        return f"{url}?{urlencode({'next': target})}" if target else url

    def can_delete_email(self, email_address: Any) -> bool:
        """Returns whether an address may be removed: never the one that mails go to."""
        return not email_address.primary

    def format_email_subject(self, subject: str) -> str:
        """Returns the subject as the template has it: it names the community itself."""
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Writes to a person in her own language, with links under it; to a stranger in the page's."""
        user = context.get("user") or _owner(email)
        language = user.language if user is not None else (translation.get_language() or settings.LANGUAGE_CODE)
        # Before the language changes: an address is known again only under the language it was made in.
        links = {name: translate_url(context[name], language) for name in LINKS if context.get(name)}
        told = {**context, **links, "user": user, "site_name": settings.PORTAL_NAME}
        with translation.override(language):
            try:
                super().send_mail(template_prefix, email, told)
            except (OSError, SMTPException) as error:
                logger.exception("the mail %s could not be sent", template_prefix)
                raise MailFailed from error


def _owner(email: str) -> Any:
    """Returns the member who has proven this address, or None."""
    found = EmailAddress.objects.filter(email__iexact=email).select_related("user").order_by("-verified").first()
    return found.user if found is not None else None
