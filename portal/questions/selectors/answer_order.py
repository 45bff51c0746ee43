"""The order of answers (docs/explanation/order-of-answers.md): one rule for pages, search and previews."""

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from portal.questions.models import Answer

BEST = "best"
# Outdated answers stand below the others in every order. By "best" the score decides, whoever wrote: only among equals
# does the accepted one come first, then an official one, then the earlier. The last name makes each order total.
ORDERS: dict[str, tuple[str, ...]] = {
    BEST: ("obsolete", "-score", "-chosen", "-official", "created_at", "id"),
    "newest": ("obsolete", "-created_at", "-id"),
    "oldest": ("obsolete", "created_at", "id"),
}


def order_named(name: str) -> str:
    """Returns the name of an order as an address asks for it; what there is not is the best first."""
    return name if name in ORDERS else BEST


def answers_ordered(answers: QuerySet[Answer], *, order: str = BEST) -> QuerySet[Answer]:
    """Returns answers, of one question or of many, in one of ``ORDERS``; each comes with ``chosen`` (1: accepted)."""
    accepted = When(question__accepted_answer=F("pk"), then=Value(1))
    chosen = Case(accepted, default=Value(0), output_field=IntegerField())
    return answers.annotate(chosen=chosen).order_by(*ORDERS[order_named(order)])
