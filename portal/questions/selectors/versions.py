"""What a post said at one of its versions."""

from dataclasses import dataclass, field

from django.db.models import Max

from portal.questions.models import Answer, Question, Revision

from .text import markdown_source


@dataclass(frozen=True, slots=True)
class Version:
    """The words of a post, as its author can change them. topics: slugs; language: empty where it is not known."""

    number: int
    body: str
    title: str = ""
    language: str = ""
    topics: list[str] = field(default_factory=list)


def newest_version(post: Question | Answer) -> Version:
    """Returns the post as it stands."""
    if isinstance(post, Answer):
        return Version(post.version, markdown_source(post), language=post.language)
    topics = [item.tag.slug for item in post.topic_items.select_related("tag").order_by("tag__slug")]
    return Version(post.version, markdown_source(post), post.title, post.language, topics)


def post_version(post: Question | Answer, number: int) -> Version | None:
    """Returns the post as it was at a version, None where that is not kept.

    Each edit makes one version and one revision; an import may have brought revisions from before the first version,
    so both are counted from their ends.
    """
    if number == post.version:
        return newest_version(post)
    answer = post if isinstance(post, Answer) else None
    kept = Revision.objects.filter(question_id=answer.question_id if answer else post.pk, answer=answer)
    last = kept.aggregate(last=Max("number"))["last"] or 0
    found = kept.filter(number=last - (post.version - number)).first() if 0 < number < post.version else None
    if found is None:
        return None
    return Version(number, markdown_source(found), found.title, found.language, list(found.topics))
