"""The demo's topics and members, made in the database."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from portal.accounts.models import User
from portal.accounts.services import member_create
from portal.core.models import Topic, TopicName
from portal.core.topics import topics_changed

from . import content

STAFF_MAIL, MEMBER_MAIL = "larkmoss.example", "mail.example"


def topics_load(topics: list[content.Topic]) -> dict[str, Topic]:
    """Makes the topics that are missing, with their names in each language; returns them all by slug."""
    made: dict[str, Topic] = {}
    for entry in topics:
        made[entry.slug], _new = Topic.objects.get_or_create(
            slug=entry.slug,
            defaults={
                "name": entry.name["en"],
                "kind": entry.kind,
                "description": entry.description["en"],
                "parent": made[entry.parent] if entry.parent else None,
            },
        )
    names = [
        TopicName(topic=made[entry.slug], language=code, name=entry.name[code], description=entry.description[code])
        for entry in topics
        for code in content.LANGUAGES
    ]
    TopicName.objects.bulk_create(names, ignore_conflicts=True)
    topics_changed(topic.pk for topic in made.values())
    return made


def members_load(people: list[content.Person], *, password: str, moment: datetime) -> dict[str, User]:
    """Makes the members and returns them by username.

    password: opens the accounts that are meant to be tried; nobody signs in as one of the others. moment: the time
    that ``joined_days_ago`` counts back from.
    """
    opened = make_password(password)
    members = {}
    for person in people:
        address = f"{person.username}@{STAFF_MAIL if person.staff else MEMBER_MAIL}"
        user = member_create(
            username=person.username, email=address, password=None, staff=person.staff, language=person.language
        )
        user.display_name = person.name
        user.reads = person.languages
        user.date_joined = moment - timedelta(days=person.joined_days_ago)
        user.is_superuser = person.admin
        user.demo = True
        if person.demo_account:
            user.password = opened
        members[person.username] = user
    fields = ["display_name", "reads", "date_joined", "is_superuser", "demo", "password"]
    User.objects.bulk_update(members.values(), fields)
    return members
