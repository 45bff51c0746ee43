"""What the demo's members tell of themselves, and the standing that follows from what they did."""

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.models import User
from portal.experts.models import Level
from portal.experts.services.badges import badges_award_all
from portal.experts.services.profiles import profile_update
from portal.experts.services.reputation import reputation_recompute
from portal.experts.services.standings import standing_recompute

from . import content
from .drawings import portrait_png

COMPANY = "Larkmoss"


def profiles_load(people: list[content.Person], *, members: dict[str, User]) -> None:
    """Writes each member's profile, with a portrait; staff have the company's name and their job title."""
    for person in people:
        portrait = SimpleUploadedFile(f"{person.username}.png", portrait_png(person.avatar), "image/png")
        profile_update(
            user=members[person.username],
            bio=person.bio_in(person.language),
            company=COMPANY if person.staff else person.company,
            role=person.job_title[person.language] if person.staff else person.role,
            location=person.location,
            website="",
            languages={code: Level.NATIVE if code == person.language else Level.FLUENT for code in person.languages},
            topics=person.topics,
            photo=portrait,
        )


def standing_load(*, members: dict[str, User]) -> None:
    """Derives reputation, standing and badges from the questions, answers and votes that are there."""
    ids = [user.pk for user in members.values()]
    reputation_recompute(user_ids=ids)
    standing_recompute(user_ids=ids)
    badges_award_all()
