"""The ways in which a service can refuse. Pages, the API and commands each turn them into their own answer."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class PortalError(Exception):
    """A refusal: ``words`` say why in the reader's language, ``status`` is the HTTP status, ``code`` a stable name."""

    status = 400
    code = "bad-request"
    default: Words = _("This request cannot be understood.")

    def __init__(self, words: Words | None = None) -> None:
        self.words: Words = words or self.default
        super().__init__(self.words)

    def __str__(self) -> str:
        return str(self.words)


class SignInNeeded(PortalError):
    """Only members may do this."""

    status, code, default = 401, "sign-in-needed", _("Please sign in first.")


class NotAllowed(PortalError):
    """This member may not do this."""

    status, code, default = 403, "not-allowed", _("You are not allowed to do this.")


class NotFound(PortalError):
    """There is no such thing, or not for this reader: the two must look the same."""

    status, code, default = 404, "not-found", _("There is nothing here, or it is not open to you.")


class Moved(NotFound):
    """The thing became part of another, which this reader may see: ``view`` and ``args_of_view`` are that one's page.

    kind and earlier are what was asked for, to and pk what it is now (``questions`` and a number). Reading leads there;
    writing must begin again there, because the words that a writer saw are not the ones that stand there.
    """

    status, code, default = 409, "moved", _("This was joined with another question. Please go on there.")

    def __init__(
        self,
        *,
        kind: str,
        earlier: int,
        to: str,
        pk: int,
        view: str,
        args: Sequence[object],
        words: Words | None = None,
    ) -> None:
        self.kind, self.earlier, self.to, self.pk = kind, earlier, to, pk
        self.view, self.args_of_view = view, list(args)
        super().__init__(words)


class StateForbids(PortalError):
    """The thing is in a state that does not allow this: locked, archived, one's own."""

    status, code, default = 409, "state-forbids", _("This is not possible now.")


class Stale(PortalError):
    """Somebody changed the thing since the caller read it; nothing was changed."""

    status, code, default = 412, "stale", _("Somebody has changed this since you opened it.")


class Invalid(PortalError):
    """Fields that cannot be accepted: ``fields`` maps each to its messages."""

    status, code, default = 422, "invalid", _("Some fields need your attention.")

    def __init__(self, fields: Mapping[str, Sequence[Words]], words: Words | None = None) -> None:
        self.fields = {name: list(messages) for name, messages in fields.items()}
        super().__init__(words)


class Busy(PortalError):
    """Others write to the same thing at this very moment, and the database gave one of them up; nothing was changed.

    repeated: it was tried again already, and not once did it pass.
    """

    status, code = 503, "unavailable"
    default = _("Several people are writing to this at the same moment. Nothing was changed; please send it again.")
    retry_after = 2

    def __init__(self, words: Words | None = None, *, repeated: bool = False) -> None:
        self.repeated = repeated
        super().__init__(words)


class TooMany(PortalError):
    """A limit is reached; ``retry_after`` seconds from now it is open again."""

    status, code, default = 429, "too-many", _("That was a lot in a short time. Please wait a little and try again.")

    def __init__(self, retry_after: int, words: Words | None = None) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(words)
