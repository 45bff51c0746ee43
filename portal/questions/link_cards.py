"""What links to questions and answers are shown by."""

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.link_cards import LinkCard, LinkKind, register_link_kind

from .models import Question, Status
from .selectors.access import answers_visible_to, questions_visible_to

ADDRESS = re.compile(r"/[a-z-]{2,12}/questions/(?P<key>[0-9]{1,18})(?:/[^/#]*)?/?")
ANSWER = re.compile(r"/[a-z-]{2,12}/questions/[0-9]{1,18}(?:/[^/#]*)?/?#answer-(?P<key>[0-9]{1,18})")


def _answered(question: Question) -> str:
    number = question.answers_count
    return ngettext("%(number)d answer", "%(number)d answers", number) % {"number": number}


def question_cards(keys: Collection[str]) -> Mapping[str, LinkCard]:
    """Returns the cards of the questions with these numbers that everybody may see."""
    found = questions_visible_to(None).filter(pk__in=[int(key) for key in keys]).defer("body", "body_html")
    by_id = {question.pk: question for question in found}
    return {
        key: LinkCard(
            title=question.title,
            language=question.language,
            path=question.get_absolute_url(),
            icon="question",
            notes=(str(Status(question.status).label), _answered(question)),
        )
        for key in keys
        if (question := by_id.get(int(key))) is not None
    }


def answer_cards(keys: Collection[str]) -> Mapping[str, LinkCard]:
    """Returns the cards of the answers with these numbers that everybody may see, under their questions' titles."""
    found = answers_visible_to(None).filter(pk__in=[int(key) for key in keys]).select_related("question")
    by_id = {answer.pk: answer for answer in found.defer("body", "body_html", "question__body", "question__body_html")}
    return {
        key: LinkCard(
            title=answer.question.title,
            language=answer.question.language,
            path=answer.get_absolute_url(),
            icon="check" if answer.question.accepted_answer_id == answer.pk else "reply",
            notes=(_("Accepted answer") if answer.question.accepted_answer_id == answer.pk else _("Answer"),),
        )
        for key in keys
        if (answer := by_id.get(int(key))) is not None
    }


def register_link_cards() -> None:
    """Makes the addresses of questions and answers known to texts that link to them."""
    register_link_kind(LinkKind("question", ADDRESS, question_cards))
    register_link_kind(LinkKind("answer", ANSWER, answer_cards))
