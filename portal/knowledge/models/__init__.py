"""Pages, authors and comments."""

from .article import ArticlePage, ArticleTopic, NewsPage
from .author import Author, AuthorText
from .comment import ArticleComment
from .home import CommentsPolicy, HomePage, KnowledgeIndexPage, NewsIndexPage, SectionPage

__all__ = [
    "ArticleComment",
    "ArticlePage",
    "ArticleTopic",
    "Author",
    "AuthorText",
    "CommentsPolicy",
    "HomePage",
    "KnowledgeIndexPage",
    "NewsIndexPage",
    "NewsPage",
    "SectionPage",
]
