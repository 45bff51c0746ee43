"""Users.xml becomes members: they have a page, a name and a standing, and nobody can sign in as one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from portal.accounts.indexing import members_changed
from portal.accounts.models import User
from portal.core.bulk import rows_insert, rows_update
from portal.core.markdown import clean_html
from portal.experts.models import Profile
from portal.experts.services.profiles import profiles_create_many
from portal.experts.services.reputation import reputation_import

from .map import USER_ATTRIBUTES, Person, person
from .rows import Kind, Ledger, amend, remember
from .stage import Numbered, Stage

USERNAME_LONGEST = 60
# No password can match this (django.contrib.auth.hashers.UNUSABLE_PASSWORD_PREFIX), and no address to reset it.
NO_PASSWORD = "!imported"  # noqa: S105


@dataclass(slots=True)
class PeopleWork:
    """Members to be made, in the order of ``people``, and members whose row changed."""

    people: list[Person]
    profiles: list[dict[str, Any]]
    users: list[User]
    rows: list[Ledger]
    changed: list[tuple[User, Person]]
    changed_profiles: list[Profile]
    changed_rows: list[Ledger]


def profile_columns(record: Person) -> dict[str, Any]:
    """Returns what a person tells of herself, as the columns of a profile; an address that is none is left out."""
    website = record.website if record.website.lower().startswith(("http://", "https://")) else ""
    return {
        "bio_html": clean_html(record.about) if record.about else "",
        "location": record.location,
        "website": website,
    }


def username_wish(name: str) -> str:
    """Returns what a person's username would be if it were free; empty where the name holds no letter."""
    return slugify(name, allow_unicode=True)[:USERNAME_LONGEST].strip("-_")


def username_choices(key: int, name: str, site: str) -> list[str]:
    """Returns the usernames for a person in the order of preference; the last is nobody else's.

    The second of a name gets the id behind it, so that the same dump always gives the same addresses.
    """
    wish, number = username_wish(name), str(key).replace("-", "m")
    tails = (f"-{number}", f"-{number}-{slugify(site, allow_unicode=True)[:30]}")
    first, second = (f"{(wish or 'user')[: USERNAME_LONGEST - len(tail)]}{tail}" for tail in tails)
    return [wish, first, second] if wish else [f"user{number}", first, second]


class PeopleStage(Stage[PeopleWork]):
    """Makes the members."""

    name, file, kind = "users", "Users", Kind.USER

    def _name(self, users: Sequence[User], people: Sequence[Person]) -> None:
        """Gives each user the first name that is free."""
        wishes = [username_choices(person.key, person.name, self.source.name) for person in people]
        asked = {name for names in wishes for name in names}
        taken = set(User.objects.filter(username__in=asked).values_list("username", flat=True)) | self._mixed
        for user, names in zip(users, wishes, strict=True):
            user.username = next((name for name in names if name not in taken), names[-1])
            taken.add(user.username)

    @property
    def _mixed(self) -> set[str]:
        """The usernames of this portal's own members that hold capitals, in small letters."""
        if not hasattr(self, "_mixed_names"):
            own = User.objects.filter(source__isnull=True).values_list("username", flat=True)
            self._mixed_names = {name.lower() for name in own.iterator() if name != name.lower()}
        return self._mixed_names

    def prepare(self, batch: Sequence[Numbered]) -> PeopleWork:
        """Sorts the people of a batch."""
        found = self.sort(self.mapped(batch, person, USER_ATTRIBUTES))
        people = [item.record for item in found.new]
        ids = [item.seen.object_id for item in found.changed if item.seen]
        held, profiles = User.objects.in_bulk(ids), Profile.objects.in_bulk(ids)
        changed, changed_profiles = [], []
        for item in found.changed:
            user = held.get(item.seen.object_id) if item.seen else None
            if user is None:
                continue
            user.display_name, user.date_joined = item.record.name, item.record.joined
            changed.append((user, item.record))
            profile = profiles.get(user.pk)
            # An import writes no Markdown: where there is some, the member has written her profile herself.
            if profile is not None and not profile.bio:
                for name, value in profile_columns(item.record).items():
                    setattr(profile, name, value)
                changed_profiles.append(profile)
        return PeopleWork(
            people=people,
            profiles=[profile_columns(record) for record in people],
            users=[self._user(record) for record in people],
            rows=[self.remembered(item) for item in found.new],
            changed=changed,
            changed_profiles=changed_profiles,
            changed_rows=[item.seen for item in found.changed if item.seen],
        )

    def _user(self, record: Person) -> User:
        return User(
            display_name=record.name,
            password=NO_PASSWORD,
            language=self.setting.language,
            date_joined=record.joined,
            # The ledger's entry follows in the same transaction (``reputation_import``).
            reputation=record.reputation,
            source=self.source,
            source_key=str(record.key),
            source_url=self.setting.address(f"users/{record.key}"),
        )

    def write(self, work: PeopleWork) -> None:
        """Writes the members of a batch; names are chosen here, where nobody can take them meanwhile."""
        self._name(work.users, work.people)
        rows_insert(model=User, objects=work.users, with_ids=True)
        made = work.users
        remember(work.rows, made)
        profiles_create_many(
            rows=[{"user_id": user.pk, **profile} for user, profile in zip(made, work.profiles, strict=True)]
        )
        changed = [user for user, _person in work.changed]
        rows_update(model=User, objects=changed, names=["display_name", "date_joined"])
        rows_update(model=Profile, objects=work.changed_profiles, names=["bio_html", "location", "website"])
        amend(work.changed_rows, "digest")
        members_changed([user.pk for user in changed])
        brought = {user.pk: person.reputation for user, person in zip(made, work.people, strict=True)}
        brought |= {user.pk: person.reputation for user, person in work.changed}
        reputation_import(source=self.source, amounts=brought)
