"""Who may see an upload: its owner, and once a post uses it, whoever may see that post."""

import re
from typing import Any

from django.db.models import Q

from portal.core.errors import NotFound
from portal.core.permissions import is_member
from portal.questions.models import Upload

from .access import answers_visible_to, comments_visible_to, questions_visible_to
from .suggested import suggestions_visible_to

# In an attribute of cleaned HTML: what stands there as text, in code for instance, has its < escaped.
ADDRESS = re.compile(r'<(?:img|a)\b[^<>]*?\b(?:src|href)="/uploads/([A-Za-z0-9_-]{22})/')
# More in one post than anybody needs; each is asked for by itself.
MOST_IN_A_POST = 60


def upload_keys(html: str) -> list[str]:
    """Returns the keys of the uploads that a post's HTML links to or shows, each once."""
    if "/uploads/" not in html:
        return []
    return list(dict.fromkeys(ADDRESS.findall(html)))[:MOST_IN_A_POST]


def upload_visible_to(user: Any, key: str) -> Upload:
    """Returns one upload; raises ``NotFound`` where there is none for this reader.

    It goes with its posts: one that is deleted, or that no longer uses it, opens it to nobody but its owner.
    """
    found = Upload.objects.filter(key=key).first()
    if found is None or not _sees(user, found):
        raise NotFound
    return found


def _sees(user: Any, upload: Upload) -> bool:
    if is_member(user) and upload.owner_id == user.pk:
        return True
    uses = list(upload.uses.filter(current=True).values_list("question_id", "answer_id", "comment_id"))
    doors = (questions_visible_to, answers_visible_to, comments_visible_to)
    for place, visible_to in enumerate(doors):
        ids = [use[place] for use in uses if use[place] is not None]
        if ids and visible_to(user).filter(pk__in=ids).exists():
            return True
    # The words of a question that was joined with another are read there.
    joined = [use[0] for use in uses if use[0] is not None]
    if joined and questions_visible_to(user).filter(merged_questions__in=joined).exists():
        return True
    return _reviews(user, upload)


def _reviews(user: Any, upload: Upload) -> bool:
    """Whether an edit waits for this reader's decision that would show the upload."""
    shown = suggestions_visible_to(user).filter(status="pending", body__contains=f"/uploads/{upload.key}/")
    of_question = Q(answer__isnull=True, question__upload_uses__upload=upload)
    return shown.filter(of_question | Q(answer__upload_uses__upload=upload)).exists()
