"""What pages, API and search tell of the versions that answers hold for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from portal.core.models import Topic
from portal.core.permissions import allows
from portal.core.topics import topics_with_names
from portal.questions.models import (
    Answer,
    Confirmation,
    HoldsOn,
    ObsoleteMark,
    Passport,
    Question,
    Release,
    Solution,
)

from .access import answers_visible_to
from .answer_pages import AnswersPage
from .passport_rules import (
    Confirmed,
    Say,
    Standing,
    leading_product,
    range_ids,
    runs_of,
    standing_of,
    states_by_release,
)
from .releases import releases_about, releases_of, topics_about
from .version_rights import check_confirm

# The ids of the first and the last release of a range.
Ends = tuple[int | None, int | None]
NO_ENDS: Ends = (None, None)


@dataclass(frozen=True, slots=True)
class Span:
    """An unbroken row of releases, as people read it."""

    first: Release
    last: Release

    def __str__(self) -> str:
        return self.first.label if self.first == self.last else f"{self.first.label}–{self.last.label}"


@dataclass(slots=True)
class PassportView:
    """The passport of one answer as a reader sees it.

    product_name: where the question is about more than one product with releases, else empty. current: the product's
    newest release. mine: what the reader said of it (None: nothing). mark: why it was marked as outdated by hand.
    """

    product: Topic
    product_name: str
    current: Release
    state: HoldsOn
    works_on: list[Span] = field(default_factory=list)
    no_longer: Release | None = None
    doubtful: Release | None = None
    pending: Release | None = None
    confirmed: Confirmed | None = None
    mine: bool | None = None
    may_confirm: bool = False

    @property
    def versions(self) -> str:
        """What it works on, as people read it; each row of versions is isolated from the direction around it."""
        told = ", ".join(f"\u2068{span}\u2069" for span in self.works_on)
        return f"{self.product_name} {told}" if self.product_name else told

    @property
    def known(self) -> bool:
        """Whether anything at all is known of it."""
        return bool(self.works_on or self.no_longer or self.doubtful)


@dataclass(frozen=True, slots=True)
class SolutionView:
    """An answer that solves the question for some versions. spans: none for the accepted one of an unknown range."""

    answer: Answer
    spans: list[Span]
    product_name: str
    accepted: bool

    @property
    def versions(self) -> str:
        """What it is for, as people read it."""
        told = ", ".join(f"\u2068{span}\u2069" for span in self.spans)
        return f"{self.product_name} {told}" if self.product_name else told


@dataclass(slots=True)
class Versions:
    """What a question's page knows of versions: passports by answer, the solutions, marks by answer.

    releases: those to choose from, by product. names: of the products, where there are several.
    """

    releases: dict[int, list[Release]] = field(default_factory=dict)
    passports: dict[int, PassportView] = field(default_factory=dict)
    solutions: list[SolutionView] = field(default_factory=list)
    marks: dict[int, ObsoleteMark] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """What was said of one answer on one release: by how many, what follows, what the reader said herself."""

    release: Release
    works: int
    no_longer: int
    state: HoldsOn
    claimed: bool
    mine: bool | None


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of a range, as ids."""

    product: int
    first: int
    last: int


@dataclass(slots=True)
class _Known:
    """Rows about some answers, as they came from the database: claims, marks of solutions, and what was said."""

    claims: dict[int, _Ends] = field(default_factory=dict)
    marked: dict[int, _Ends] = field(default_factory=dict)
    says: dict[int, list[tuple[int, Say]]] = field(default_factory=dict)


def ends_shown(found: Passport | Solution | None, releases: Mapping[int, Sequence[Release]]) -> Ends:
    """Returns the ends of a range as a form offers them, of these releases by product; none where none is offered."""
    if found is None:
        return NO_ENDS
    offered = {release.pk for each in releases.values() for release in each}
    ends = [end for end in (found.first_id, found.last_id) if end in offered]
    return (ends[0], ends[-1]) if ends else NO_ENDS


def _ranges_of(answers: QuerySet[Answer]) -> _Known:
    """Returns the claims and the marks of solutions of answers. One query."""
    known = _Known()
    found = answers.filter(Q(passport__isnull=False) | Q(solution__isnull=False))
    names = [f"{each}__{end}" for each in ("passport", "solution") for end in ("first__product", "first", "last")]
    for pk, claimed, *rest in found.values_list("pk", *names):
        if claimed is not None:
            known.claims[pk] = _Ends(claimed, rest[0], rest[1])
        if rest[2] is not None:
            known.marked[pk] = _Ends(rest[2], rest[3], rest[4])
    return known


def _ranges_at_hand(answers: Iterable[Answer]) -> _Known:
    """Returns the claims and the marks of solutions of answers that come with them. No query."""
    known = _Known()
    for answer in answers:
        for kept, name in ((known.claims, "passport"), (known.marked, "solution")):
            found = getattr(answer, name, None)
            if found is not None:
                kept[answer.pk] = _Ends(found.first.product_id, found.first_id, found.last_id)
    return known


def _says_of(ids: Sequence[int]) -> dict[int, list[tuple[int, Say]]]:
    """Returns what was said of answers on releases that count, with the product each time. One query."""
    says: dict[int, list[tuple[int, Say]]] = {}
    rows = Confirmation.objects.filter(answer__in=ids, release__withdrawn_at__isnull=True).order_by("said_at", "id")
    for answer, product, release, works, at, voice, user in rows.values_list(
        "answer_id", "release__product_id", "release_id", "works", "said_at", "voice", "user_id"
    ):
        says.setdefault(answer, []).append((product, Say(release, works, at, voice, user)))
    return says


def _standing(
    known: _Known, answer_id: int, releases: Mapping[int, list[Release]], about: Sequence[int] = ()
) -> tuple[int | None, Standing]:
    """Returns the product that an answer is judged by and what is known of it there.

    about: the products of its question, where only they are to count.
    """
    said = {product: say.at for product, say in known.says.get(answer_id, ()) if not about or product in about}
    claim = known.claims.get(answer_id)
    claimed = claim if claim and (not about or claim.product in about) else None
    product = leading_product(claimed.product if claimed else None, said, about)
    order = [release.pk for release in releases.get(product or 0, ())]
    says = [say for place, say in known.says.get(answer_id, ()) if place == product]
    return product, standing_of(order, says, range_ids(order, claimed.first, claimed.last) if claimed else ())


def answers_refuted(ids: Iterable[int]) -> set[int]:
    """Returns which of these answers are outdated: marked so by hand, or by what is said of them. Six queries at most.

    What is said of a product counts while the question is about it: it waits where the topic was taken away.
    """
    wanted = list(ids)
    known = _ranges_of(Answer.objects.filter(pk__in=wanted))
    known.says = _says_of(wanted)
    claimed = {known.claims[pk].product for pk in known.says if pk in known.claims}
    releases = releases_of(claimed | {product for said in known.says.values() for product, _say in said})
    marked = ObsoleteMark.objects.filter(answer__in=wanted, lifted_at__isnull=True).values_list("answer_id", flat=True)
    told = {
        pk
        for pk, about in _about(known.says, releases).items()
        if about and _standing(known, pk, releases, about)[1].state == HoldsOn.OBSOLETE
    }
    return told | set(marked)


def _about(answers: Iterable[int], releases: Mapping[int, list[Release]]) -> dict[int, list[int]]:
    """Returns of each answer the products with these releases that its question is about."""
    questions = dict(Answer.objects.filter(pk__in=list(answers)).values_list("pk", "question_id"))
    topics = topics_about(questions.values())
    return {pk: [each for each in releases if each in topics.get(place, ())] for pk, place in questions.items()}


def versions_of(
    *, user: Any, question: Question, answers: Sequence[Answer], paged: AnswersPage | None = None, product: bool = True
) -> Versions:
    """Returns what a page shows of the versions of these answers of a question, and all its solutions by version.

    paged: the page that the answers are. product: False where it is known that the question is about none. One query
    where the question is about no product with releases, else two, three where there are other answers than these; one
    more each where an answer is outdated and where a solution stands on another page, two more where there are several
    products.
    """
    made = Versions(releases=releases_about(question) if product else {})
    if any(answer.obsolete for answer in answers):
        marks = ObsoleteMark.objects.filter(answer__in=answers, lifted_at__isnull=True)
        made.marks = {mark.answer_id: mark for mark in marks}
    if not made.releases:
        return made
    if len(made.releases) > 1:
        made.names = _named(made.releases)
    whole = paged is not None and paged.last == 1
    known = _ranges_at_hand(answers) if whole else _ranges_of(answers_visible_to(user).filter(question=question))
    listed = _listed(user, question, answers, known)
    known.says = _says_of([answer.pk for answer in listed])
    may = allows(check_confirm, user, question)
    for answer in listed:
        view = _passport_view(known, answer, made)
        if view is not None:
            view.may_confirm = may
            view.mine = _mine(known, answer, view.current, user)
            made.passports[answer.pk] = view
    made.solutions = _solutions(question, listed, known, made)
    return made


def _named(releases: Mapping[int, Sequence[Release]]) -> dict[int, str]:
    """Returns the names of the products of releases, which get them too. Two queries."""
    products = topics_with_names().in_bulk(list(releases))
    for pk, found in releases.items():
        for release in found:
            release.product = products[pk]
    return {pk: product.name_in(get_language() or "en") for pk, product in products.items()}


def _listed(user: Any, question: Question, answers: Sequence[Answer], known: _Known) -> Sequence[Answer]:
    """Returns the answers, and those of other pages that are in the list of solutions."""
    wanted = {*known.marked, question.accepted_answer_id or 0} if known.marked else set()
    elsewhere = wanted - {answer.pk for answer in answers} - {0}
    if not elsewhere:
        return answers
    others = list(answers_visible_to(user).filter(pk__in=elsewhere).select_related("author"))
    for answer in others:
        answer.question = question
    return [*answers, *others]


def passports_on(*, product_id: int, answers: Sequence[Answer]) -> dict[int, PassportView]:
    """Returns what is known of answers to several questions, all about one product, on its releases. Three queries."""
    made = Versions(releases=releases_of([product_id]))
    ids = [answer.pk for answer in answers]
    known = _ranges_of(Answer.objects.filter(pk__in=ids))
    known.says = _says_of(ids)
    views = ((answer.pk, _passport_view(known, answer, made)) for answer in answers)
    return {pk: view for pk, view in views if view is not None}


def release_rows(*, user: Any, answer: Answer, versions: Versions) -> dict[str, list[ReleaseRow]]:
    """Returns what was said of an answer on each release, the newest first, by the name of the product."""
    known = _ranges_of(Answer.objects.filter(pk=answer.pk))
    known.says = _says_of([answer.pk])
    claim = known.claims.get(answer.pk)
    told: dict[str, list[ReleaseRow]] = {}
    for product, releases in versions.releases.items():
        order = [release.pk for release in releases]
        claimed = range_ids(order, claim.first, claim.last) if claim else ()
        says = [say for place, say in known.says.get(answer.pk, ()) if place == product]
        states = states_by_release(order, says, claimed)
        rows = [
            ReleaseRow(
                release=release,
                works=sum(say.release_id == release.pk and say.works for say in says),
                no_longer=sum(say.release_id == release.pk and not say.works for say in says),
                state=states[release.pk],
                claimed=release.pk in claimed,
                mine=_mine(known, answer, release, user),
            )
            for release in reversed(releases)
        ]
        told[releases[0].product.name_in(get_language() or "en")] = rows
    return told


def _passport_view(known: _Known, answer: Answer, made: Versions) -> PassportView | None:
    releases = made.releases
    product, standing = _standing(known, answer.pk, releases, list(releases))
    if product is None or product not in releases:
        return None
    by_id = {release.pk: release for release in releases[product]}
    return PassportView(
        product=releases[product][0].product,
        product_name=made.names.get(product, ""),
        current=releases[product][-1],
        state=HoldsOn.OBSOLETE if answer.obsolete else standing.state,
        works_on=[Span(by_id[first], by_id[last]) for first, last in standing.runs],
        no_longer=by_id.get(standing.no_longer or 0),
        doubtful=by_id.get(standing.doubtful or 0),
        pending=by_id.get(standing.pending or 0),
        confirmed=standing.confirmed,
    )


def _mine(known: _Known, answer: Answer, release: Release, user: Any) -> bool | None:
    for _product, say in known.says.get(answer.pk, ()):
        if say.release_id == release.pk and user.is_authenticated and say.user_id == user.pk:
            return say.works
    return None


def _solutions(question: Question, answers: Sequence[Answer], known: _Known, made: Versions) -> list[SolutionView]:
    """Returns the solutions by version, the latest versions first; none while nothing is marked besides accepting."""
    found: list[tuple[tuple[bool, int], SolutionView]] = []
    for answer in answers:
        marked, accepted = known.marked.get(answer.pk), answer.pk == question.accepted_answer_id
        span = _span(marked, made.releases) if marked else None
        if span is None and not accepted:
            continue
        passport = made.passports.get(answer.pk)
        spans = [span] if span else (passport.works_on if passport else [])
        named = made.names.get(span.first.product_id, "") if span else ""
        order = [release.pk for release in made.releases.get(spans[-1].last.product_id, ())] if spans else []
        place = order.index(spans[-1].last.pk) if spans else len(order)
        found.append(((not accepted, -place), SolutionView(answer, spans, named, accepted)))
    if all(view.accepted for _key, view in found):
        return []
    return [view for _key, view in sorted(found, key=lambda each: each[0])]


def _span(ends: _Ends, releases: Mapping[int, list[Release]]) -> Span | None:
    """Returns a range as it stands, withdrawn releases left out; None where nothing remains."""
    by_id = {release.pk: release for release in releases.get(ends.product, ())}
    inside = range_ids(list(by_id), ends.first, ends.last)
    (run,) = runs_of(list(by_id), inside) or (None,)
    return Span(by_id[run[0]], by_id[run[1]]) if run else None
