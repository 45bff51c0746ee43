"""What the staff does to topics."""

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from portal.accounts.services import STAFF_GROUP
from portal.core.models import Topic, TopicName
from portal.core.topics import topics_changed
from portal.questions.indexing import questions_changed
from portal.questions.models import QuestionTopic


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
def topic_forget(*, topic: Topic) -> None:
    """Deletes a topic. Its questions stay, and the search looks at them again."""
    questions = list(QuestionTopic.objects.filter(tag=topic).values_list("content_object_id", flat=True))
    topics_changed([topic.pk])
    topic.delete()
    questions_changed(questions)


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
