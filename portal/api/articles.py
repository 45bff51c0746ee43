"""Articles and news, and the comments under them."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.errors import NotFound
from portal.core.paging import keyset_page
from portal.knowledge.models import ArticleComment, ArticlePage, NewsPage
from portal.knowledge.selectors.access import article_visible_to, articles_visible_to
from portal.knowledge.selectors.articles import with_parts
from portal.knowledge.selectors.bodies import article_body
from portal.knowledge.selectors.comments import article_comment_visible_to, article_comments_visible_to
from portal.knowledge.services.comments import article_comment_create

from . import schemas
from .answering import answered, page_told
from .auth import ANYONE, MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId
from .representations import absolute, author_told, member_path

router = Router(tags=["Articles"])
NEWEST = ("-id",)
OLDEST = ("submit_date", "id")


def _with_topics(found: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    return with_parts(found).prefetch_related("topic_items__tag")


def article_told(request: HttpRequest, page: ArticlePage) -> schemas.Article:
    """Returns an article that came with its parts."""
    language = page.locale.language_code
    username = page.author.user.username
    author = schemas.Author(
        username=username,
        display_name=page.author.name_in(language),
        url=absolute(request, member_path(username)),
    )
    return schemas.Article(
        id=page.pk,
        kind="news" if issubclass(page.specific_class or ArticlePage, NewsPage) else "article",
        title=page.title,
        summary=page.summary,
        url=absolute(request, page.get_url(request) or ""),
        language=language,
        author=author,
        topics=[item.tag.slug for item in page.topic_items.all()],
        comments_open=page.comments_open,
        first_published_at=page.first_published_at,
        updated_at=page.last_published_at,
    )


def comment_told(request: HttpRequest, comment: ArticleComment) -> schemas.Comment:
    """Returns a comment that came with its author and page."""
    return schemas.Comment(
        id=comment.pk,
        body=comment.comment,
        body_html=comment.body_html,
        author=author_told(request, comment.user),
        anonymous=False,
        parent_id=comment.reply_to_id,
        url=absolute(request, comment.get_absolute_url()),
        created_at=comment.submit_date,
        question_id=None,
        answer_id=None,
        version=None,
    )


@router.get(
    "/articles", auth=ANYONE, response=schemas.ArticlePage, summary="List articles and news", operation_id="articles"
)
def article_list(
    request: HttpRequest,
    *,
    language: str = "",
    topic: str = "",
    author: str = "",
    cursor: str | None = None,
    limit: PageLimit = 50,
) -> dict[str, object]:
    """Every article and piece of news that the caller may see, in every language, the newest first."""
    found = articles_visible_to(request.user)
    for name, value in (
        ("locale__language_code", language),
        ("topic_items__tag__slug", topic),
        ("author__user__username", author),
    ):
        found = found.filter(**{name: value}) if value else found
    page = keyset_page(_with_topics(found), order=NEWEST, cursor=cursor, size=limit)
    return page_told(request, page, article_told)


@router.get(
    "/articles/{row:article_id}",
    auth=ANYONE,
    response=schemas.ArticleFull,
    summary="Read an article",
    operation_id="article",
)
def article_read(request: HttpRequest, article_id: RowId) -> schemas.ArticleFull:
    """One article with its text."""
    page = _with_topics(articles_visible_to(request.user)).filter(pk=article_id).first()
    if page is None:
        raise NotFound
    told = article_told(request, page)
    return schemas.ArticleFull(**dict(told), body_html=article_body(page).html)


@router.get(
    "/articles/{row:article_id}/comments",
    auth=ANYONE,
    response=schemas.CommentPage,
    summary="List the comments on an article",
    operation_id="article_comments",
)
def article_comments(
    request: HttpRequest, article_id: RowId, *, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """The comments under an article that the caller sees, the earliest first; her own also while they wait."""
    page = article_visible_to(request.user, article_id)
    found = article_comments_visible_to(request.user, page.pk)
    rows = keyset_page(found, order=OLDEST, cursor=cursor, size=limit)
    for row in rows.rows:
        row.page = page
    return page_told(request, rows, comment_told)


@router.post(
    "/articles/{row:article_id}/comments",
    auth=MEMBER,
    response={201: schemas.Comment},
    summary="Comment on an article",
    operation_id="article_comment",
)
@write("comment")
def article_comment(request: HttpRequest, article_id: RowId, payload: schemas.CommentIn) -> HttpResponse:
    """Comments on an article, or replies to a comment there. Where the staff look first, others see it later."""
    made = article_comment_create(user=request.user, page_id=article_id, body=payload.body, parent_id=payload.parent_id)
    told = comment_told(request, article_comment_visible_to(request.user, made.pk))
    return answered(told, status=201, location=told.url)
