"""What members write, checked and rendered: one rule for pages and API."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.errors import Invalid, Words
from portal.core.markdown import plain_text
from portal.questions.selectors.bodies import body_html

TITLE_SHORTEST, TITLE_LONGEST = 5, 150
BODY_LONGEST = 60_000
COMMENT_LONGEST = 2_000


def one_line(text: str) -> str:
    """Returns what somebody typed as one line without blanks around it; a NUL, which no column takes, is a blank."""
    return " ".join(text.replace("\x00", " ").split())


def length_errors(text: str, *, longest: int) -> list[Words]:
    """Returns that a text has more than ``longest`` characters, nothing where it has not."""
    return [_("Keep it to %(count)d characters.") % {"count": longest}] if len(text) > longest else []


def title_errors(title: str) -> list[Words]:
    """Returns what is wrong with a question's title (trimmed), nothing where it is fine."""
    if len(title) < TITLE_SHORTEST:
        return [_("Say it in a few words: at least %(count)d characters.") % {"count": TITLE_SHORTEST}]
    if len(title) > TITLE_LONGEST:
        return [_("Keep the title to %(count)d characters; the rest goes below.") % {"count": TITLE_LONGEST}]
    return []


def body_errors(body: str, *, longest: int = BODY_LONGEST) -> list[Words]:
    """Returns what is wrong with a text, nothing where it is fine."""
    if not body.strip() or "\x00" in body:
        return [_("Please write something.")]
    if len(body) > longest:
        over = len(body) - longest
        return [
            ngettext("This is %(count)d character too long.", "This is %(count)d characters too long.", over)
            % {"count": over}
        ]
    return []


def language_errors(language: str) -> list[Words]:
    """Returns what is wrong with the language of a text, nothing where it is one of the portal's."""
    if language not in dict(settings.LANGUAGES):
        return [_("Choose the language that you write in.")]
    return []


def require_fields(errors: Mapping[str, list[Words]]) -> None:
    """Raises ``Invalid`` where any field has an error."""
    wrong = {name: said for name, said in errors.items() if said}
    if wrong:
        raise Invalid(wrong)


def rendered(body: str, *, language: str = "") -> str:
    """Returns the HTML of a Markdown body; raises ``Invalid`` where nothing would be seen of it.

    language: of the post, under whose prefix its mentions lead; empty for that of the request.
    """
    html = body_html(body, language=language)
    if not plain_text(html) and "<img" not in html and "<hr" not in html:
        raise Invalid({"body": [_("Please write something.")]})
    return html
