"""The form of what goes in and out. Names are a contract (design 5): more may come, none may go."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, PlainSerializer, StrictBool, StrictInt

from .parsing import ResultLimit, RowId, Text


def moment_written(moment: datetime) -> str:
    """Returns a moment as ISO 8601 in UTC, to the microsecond, so that it can be sent back as ``since``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Written = Annotated[datetime, PlainSerializer(moment_written, return_type=str)]
StatusName = Literal["open", "needs_details", "answered", "accepted", "closed", "duplicate", "obsolete", "archived"]


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="The address of this kind of error, relative to the API's host.")
    title: str
    status: int
    code: str = Field(description="A stable name for programs.")
    detail: str = Field(description="What is wrong, for a person, in her language.")
    instance: str
    errors: dict[str, list[str]] | None = Field(None, description="On 422: what is wrong with each field.")


class Author(BaseModel):
    """Who wrote something."""

    username: str
    display_name: str
    url: str


class QuestionIn(BaseModel):
    """A question to ask."""

    title: Text = Field(description="5 to 150 characters.")
    body: Text = Field(description="Markdown.")
    language: Text | None = Field(None, description="Of the text; left out: the member's own.")
    topics: list[Text] = Field(default_factory=list, description="Slugs, at most five.")
    space: Text | None = Field(None, description="Null: the public square.")
    anonymous: StrictBool = Field(False, description="True: your name is told to nobody, where the staff allow it.")


class QuestionPatch(BaseModel):
    """What changes in a question; what is left out stays."""

    title: Text | None = Field(None, description="5 to 150 characters.")
    body: Text | None = Field(None, description="Markdown.")
    language: Text | None = Field(None, description="Of the text.")
    topics: list[Text] | None = Field(None, description="Slugs, at most five; these take the place of those before.")
    space: Text | None = Field(None, description="Null: the public square.")
    note: Text = Field("", description="Why, for the history.")


class Post(BaseModel):
    """What questions and answers have in common."""

    id: int
    url: str
    body: str = Field(description="Markdown; what was imported as HTML is converted.")
    body_html: str
    language: str
    author: Author | None
    anonymous: bool = Field(description="True: its author is told to nobody.")
    score: int
    created_at: Written
    updated_at: Written
    version: int
    source_id: str | None = Field(description="The id in the imported source.")
    source_url: str | None
    source_licence: str | None


class Question(Post):
    """A question."""

    title: str
    topics: list[str]
    space: str | None
    status: StatusName
    closed_why: str = Field(description="Why it was closed, a code as in its moves; empty where it was not.")
    closed_words: str = Field(description="What was said when it was closed.")
    locked: bool = Field(description="Only the staff can change it.")
    official: bool = Field(description="It has an official answer.")
    accepted_answer_id: int | None
    answers_count: int
    solutions: list["Solution"] = Field(description="Answers marked, beside the accepted one, for some versions.")
    demand_count: int = Field(description="How many members said that they have this problem too.")
    duplicate_of: int | None = Field(None, description="The question that this one repeats.")


class Solution(BaseModel):
    """An answer marked as what solves its question for some releases of a product, from the first to the last."""

    answer_id: int
    product: str
    first: str
    last: str


class RangeIn(BaseModel):
    """A range of releases of one product; one end alone means that release."""

    first: RowId | None = Field(None, description="The id of a release.")
    last: RowId | None = Field(None, description="The id of a release, not an earlier one; left out: the first one.")


class AnswerIn(BaseModel):
    """An answer to give."""

    body: Text = Field(description="Markdown.")
    language: Text | None = Field(None, description="Left out: the question's.")
    official: bool = Field(False, description="As the company's word; by staff only.")
    versions: RangeIn | None = Field(None, description="The releases that it is written for; its passport tells them.")


class AnswerPatch(BaseModel):
    """What changes in an answer; what is left out stays."""

    body: Text | None = Field(None, description="Markdown.")
    language: Text | None = Field(None, description="Of the text.")
    note: Text = Field("", description="Why, for the history.")
    versions: RangeIn | None = Field(
        None, description="The releases that it is written for; null takes them back. Alone, it makes no new version."
    )


class Answer(Post):
    """An answer."""

    question_id: int
    accepted: bool
    official: bool
    obsolete: bool = Field(description="It is marked as outdated: by hand, or by what readers say of it.")


class CommentIn(BaseModel):
    """A comment to make."""

    body: Text = Field(description="Markdown, at most 2,000 characters (3,000 under an article).")
    parent_id: RowId | None = Field(None, description="The comment that this one replies to.")
    language: Text | None = Field(
        None, description="Left out: what the script tells, else the question's. Not under an article."
    )


class CommentPatch(BaseModel):
    """What changes in a comment; what is left out stays."""

    body: Text | None = Field(None, description="Markdown, at most 2,000 characters.")
    language: Text | None = Field(None, description="Of the text.")


class Comment(BaseModel):
    """A comment under a question, an answer or an article."""

    id: int
    body: str
    body_html: str
    author: Author | None
    anonymous: bool = Field(False, description="True: its author is told to nobody.")
    parent_id: int | None
    url: str
    created_at: Written
    language: str | None = None
    question_id: int | None = Field(None, description="Null under an article.")
    answer_id: int | None = Field(None, description="The answer that it is about; null: the question, or an article.")
    edited_at: Written | None = None
    version: int | None = Field(None, description="What a change must name in `If-Match`; null under an article.")


class Upload(BaseModel):
    """A picture or a file that a post may use."""

    id: str
    url: str
    markdown: str = Field(description="What shows it when written into the text of a post.")
    kind: Literal["picture", "file"]
    name: str
    content_type: str
    size: int = Field(description="Bytes, as it is kept.")
    sha256: str
    width: int | None = Field(description="Pixels; null for a file.")
    height: int | None = Field(description="Pixels; null for a file.")
    created_at: Written


class VoteIn(BaseModel):
    """A vote; 0 takes it back."""

    value: StrictInt = Field(description="-1, 0 or 1.")


class Vote(BaseModel):
    """The member's vote for a post, and the post's score with it."""

    value: Literal[-1, 0, 1]
    score: int


class Topic(BaseModel):
    """A topic, with its name in the language asked for and in each it has one in.

    `kind` is `topic` or `product`.
    """

    slug: str
    kind: str
    name: str
    names: dict[str, str]
    description: str
    parent: str | None
    questions_count: int
    url: str


class Badge(BaseModel):
    """A badge; without a slug it was brought along from an imported community."""

    slug: str | None
    name: str
    tier: str


class Member(BaseModel):
    """What everybody may know of a member."""

    username: str
    display_name: str
    url: str
    photo_url: str | None
    bio_html: str
    company: str
    role: str
    reputation: int
    languages: list[str]
    topics: list[str] = Field(description="Slugs: first where her answers helped, then what she says she knows.")
    badges: list[Badge]
    is_staff: bool = Field(description="Verified: she speaks for the company.")
    joined: Written
    questions_count: int
    answers_count: int
    accepted_count: int


class Me(Member):
    """A member as she sees herself."""

    email: str
    language: str


class Article(BaseModel):
    """An article or a piece of news."""

    id: int
    kind: Literal["article", "news"]
    title: str
    summary: str
    url: str
    language: str
    author: Author | None
    topics: list[str]
    comments_open: bool
    first_published_at: Written | None
    updated_at: Written | None


class ArticleFull(Article):
    """An article with its text."""

    body_html: str


class Result(BaseModel):
    """Something found. The excerpt is escaped HTML in which the only tag is ``<mark>``."""

    type: str
    id: int | str
    source_id: str | None
    url: str
    language: str | None
    title: str
    excerpt: str
    score: int
    accepted: bool
    answers: int
    promoted: bool = Field(False, description="True where the team recommends it for this query; such come first.")
    opened_url: str | None = Field(None, description="With `openings`: POST nothing here when the reader opens it.")


class Facet(BaseModel):
    """A value to narrow a search by, and how many results have it."""

    value: str
    count: int


class Results(BaseModel):
    """What was found, the best first."""

    results: list[Result]
    total: int
    did_you_mean: str | None = Field(description="The query put right, where that finds more than what was typed.")
    corrected: str | None = Field(description="The query put right, where these results are also those of its words.")
    facets: dict[str, list[Facet]]
    took_ms: float
    engine: str
    degraded: bool = Field(description="True where another engine than the usual one had to answer.")


class Duplicates(BaseModel):
    """What was asked before that is like a question, the likest first."""

    possible_duplicates: list[Result]


class QuestionAsked(Question, Duplicates):
    """A question just asked, with what was asked before."""


class SimilarIn(BaseModel):
    """A question being written."""

    title: Text = ""
    body: Text = ""
    language: Text | None = None
    exclude: Text | RowId | list[Text | RowId] | None = Field(None, description="Ids of questions to leave out.")
    limit: ResultLimit = 5
    openings: bool = Field(False, description="True: tell the `opened_url` of each result.")


class QuestionPage(BaseModel):
    """A page of questions."""

    results: list[Question]
    next: str | None


class AnswerPage(BaseModel):
    """A page of answers."""

    results: list[Answer]
    next: str | None


class CommentPage(BaseModel):
    """A page of comments."""

    results: list[Comment]
    next: str | None


class TopicPage(BaseModel):
    """A page of topics."""

    results: list[Topic]
    next: str | None


class ArticlePage(BaseModel):
    """A page of articles."""

    results: list[Article]
    next: str | None
