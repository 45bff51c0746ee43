"""Users.xml becomes members: they have a page and a name, and nobody can sign in as one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from portal.accounts.models import User
from portal.importers.models import ImportedRow

from .map import USER_ATTRIBUTES, Person, person
from .rows import Kind, rows_update
from .stage import Numbered, Stage, remember

USERNAME_LONGEST = 60
# No password can match this (django.contrib.auth.hashers.UNUSABLE_PASSWORD_PREFIX), and no address to reset it.
NO_PASSWORD = "!imported"  # noqa: S105


@dataclass(slots=True)
class PeopleWork:
    """Members to be made and members whose row changed."""

    people: list[Person]
    users: list[User]
    rows: list[ImportedRow]
    changed: list[User]
    changed_rows: list[ImportedRow]


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
        """Sorts the people of a batch and finds names for the new ones."""
        found = self.sort(self.mapped(batch, person, USER_ATTRIBUTES))
        users = [self._user(item.record) for item in found.new]
        held = User.objects.in_bulk([item.seen.object_id for item in found.changed if item.seen])
        changed = []
        for item in found.changed:
            user = held.get(item.seen.object_id) if item.seen else None
            if user is not None:
                user.display_name, user.date_joined = item.record.name, item.record.joined
                changed.append(user)
        rows = [self.remembered(item) for item in found.new]
        people = [item.record for item in found.new]
        return PeopleWork(people, users, rows, changed, [item.seen for item in found.changed if item.seen])

    def _user(self, record: Person) -> User:
        return User(
            display_name=record.name,
            password=NO_PASSWORD,
            language=self.setting.language,
            date_joined=record.joined,
            source=self.source,
            source_key=str(record.key),
            source_url=self.setting.address(f"users/{record.key}"),
        )

    def write(self, work: PeopleWork) -> None:
        """Writes the members of a batch; names are chosen here, where nobody can take them meanwhile."""
        self._name(work.users, work.people)
        remember(work.rows, User.objects.bulk_create(work.users))
        rows_update(work.changed, ["display_name", "date_joined"])
        rows_update(work.changed_rows, ["digest"])
