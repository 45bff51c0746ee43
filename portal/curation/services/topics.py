"""What the staff does to topics."""

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from portal.accounts.indexing import members_changed
from portal.accounts.services import STAFF_GROUP
from portal.core.models import Topic, TopicName
from portal.core.topics import topics_changed
from portal.experts.models import ProfileTopic
from portal.knowledge.indexing import articles_changed
from portal.knowledge.models import ArticleTopic
from portal.questions.indexing import questions_changed
from portal.questions.models import QuestionTopic
from portal.questions.services.versions import questions_reassess


@transaction.atomic
def topic_names_set(*, topic: Topic, names: Mapping[str, tuple[str, str]]) -> None:
    """Sets the words of a topic in each language.

    names: (name, description) by language; an empty name takes that language's words away.
    """
    for language, (name, description) in names.items():
        found = TopicName.objects.filter(topic=topic, language=language)
        if not name.strip():
            found.delete()
            continue
        words = {"name": name.strip(), "description": description.strip()}
        TopicName.objects.update_or_create(topic=topic, language=language, defaults=words)
    topics_changed([topic.pk])


@transaction.atomic
def topic_moved(*, topic: Topic) -> None:
    """Lets the search look again at all that bears a topic or one below it: it may be about another product now.

    So may its answers be, of which readers said that they no longer work.
    """
    inside = _at_and_below(topic)
    _search_again(inside)
    questions_reassess(user=None, ids=_spoken_of(inside))


@transaction.atomic
def topic_forget(*, topic: Topic) -> None:
    """Deletes a topic. What bore it stays, and the search looks at it again."""
    inside = _at_and_below(topic)
    _search_again(inside)
    topics_changed([topic.pk])
    spoken_of = _spoken_of(inside)
    topic.delete()
    questions_reassess(user=None, ids=spoken_of)


def _at_and_below(topic: Topic) -> Q:
    return Q(pk=topic.pk) | Q(parent=topic) | Q(parent__parent=topic)


def _spoken_of(topics: Q) -> list[int]:
    """Returns the questions about these topics with an answer of which somebody said whether it works."""
    items = QuestionTopic.objects.filter(tag__in=Topic.objects.filter(topics).values("pk"))
    said = items.filter(content_object__answers__confirmations__isnull=False)
    return list(said.values_list("content_object_id", flat=True).distinct())


def _search_again(topics: Q) -> None:
    found = Topic.objects.filter(topics).values("pk")
    questions_changed(QuestionTopic.objects.filter(tag__in=found).values_list("content_object_id", flat=True))
    articles_changed(ArticleTopic.objects.filter(tag__in=found).values_list("content_object_id", flat=True))
    members_changed(ProfileTopic.objects.filter(topic__in=found).values_list("profile__user_id", flat=True))


@transaction.atomic
def topic_rights_ensure() -> None:
    """Lets the staff edit topics in Wagtail's admin; takes nothing away. Runs after each migration."""
    group, _made = Group.objects.get_or_create(name=STAFF_GROUP)
    kind = ContentType.objects.get_for_model(Topic)
    for act in ("add", "change", "delete", "view"):
        right, _made = Permission.objects.get_or_create(
            content_type=kind, codename=f"{act}_topic", defaults={"name": f"Can {act} topic"}
        )
        group.permissions.add(right)
