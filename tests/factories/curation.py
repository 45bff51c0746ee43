"""Termbase entries and promoted results for tests, made by the services that make real ones."""

from typing import Any

from django.contrib.auth.models import Group

from portal.accounts.models import User
from portal.curation.models import Promotion, TermEntry
from portal.curation.services.entries import EDITORS_GROUP, curated_save, entry_make
from search.synonyms import Term

from .accounts import member
from .events import committed


def search_editor(username: str | None = None) -> User:
    """Returns a member of the staff who may keep the termbase and promoted results."""
    user = member(username, staff=True)
    user.groups.add(Group.objects.get(name=EDITORS_GROUP))
    return user


def terms_of(**words: str | list[str]) -> list[Term]:
    """Returns terms by language; ``any``: the same in every language; ``typed_en``: one-way."""
    made = []
    for name, texts in words.items():
        language = name.removeprefix("typed_")
        for text in [texts] if isinstance(texts, str) else texts:
            made.append(Term(text, None if language == "any" else language, name.startswith("typed_")))
    return made


def entry(
    *, publish: bool = True, by: User | None = None, fields: dict[str, Any] | None = None, **words: Any
) -> TermEntry:
    """Returns an entry of the termbase; ``fields`` are the model's, ``words`` as :func:`terms_of` takes them."""
    with committed():
        return entry_make(terms=terms_of(**words), user=by, publish=publish, **(fields or {}))


def promotion(*targets: Any, queries: str, publish: bool = True, by: User | None = None, **fields: Any) -> Promotion:
    """Returns a promotion of some questions or articles."""
    keys = [{"type": "question" if hasattr(each, "body_html") else "article", "id": str(each.pk)} for each in targets]
    item = Promotion(queries=queries, targets=[{**key, "path": f"{key['type']}:{key['id']}"} for key in keys], **fields)
    with committed():
        curated_save(item=item, user=by, publish=publish)
    return item
