"""Authors, articles and news for tests, made by the services that make real ones."""

from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from portal.accounts.models import User
from portal.knowledge.models import ArticlePage, Author
from portal.knowledge.services.articles import article_create
from portal.knowledge.services.authors import author_ensure
from portal.knowledge.services.comments import article_comment_create

from .accounts import member
from .events import committed

_numbers = count(1)


def author(name: str = "", *, user: User | None = None, photo: Image | None = None, **titles: str) -> Author:
    """Returns the profile of a (new) staff member; ``titles`` are job titles by language."""
    user = user or member(staff=True, display_name=name or f"Author {next(_numbers)}")
    texts = {language: {"job_title": title} for language, title in (titles or {"en": "Support engineer"}).items()}
    return author_ensure(user=user, texts=texts, photo=photo)


def article(title: str = "", *, by: Author | None = None, language: str = "en", **fields: Any) -> ArticlePage:
    """Returns a published article (``news=True``: news) with one paragraph where no ``body`` is given."""
    by = by or author()
    fields.setdefault("summary", "What to do first, and what to try next.")
    fields.setdefault("body", [{"type": "text", "value": "<p>Hold the green button for three seconds.</p>"}])
    with committed():
        return article_create(
            user=by.user, author=by, language=language, title=title or f"Article {next(_numbers)}", **fields
        )


def image(title: str = "Drawing", *, colour: str = "navy", size: tuple[int, int] = (640, 480)) -> Image:
    """Returns a stored picture of one colour."""
    data = BytesIO()
    Picture.new("RGB", size, colour).save(data, "PNG")
    return Image.objects.create(title=title, file=ContentFile(data.getvalue(), f"{title.lower()}-{next(_numbers)}.png"))


def document(name: str = "film.mp4", content: bytes = b"film") -> Document:
    """Returns a stored document of that file name."""
    return Document.objects.create(title=name, file=ContentFile(content, f"{next(_numbers)}-{name}"))


def article_comment(page: ArticlePage, body: str = "This helped me.", *, by: User | None = None, **more: Any) -> Any:
    """Returns a comment under a page; ``parent_id`` and ``follow`` as the service takes them."""
    with committed():
        return article_comment_create(user=by or member(), page_id=page.pk, body=body, **more)
