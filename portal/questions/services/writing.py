"""Writing a post's next version: what an edit, a restored version and an accepted suggestion have in common.

Who may do it, and whether it still fits the post as it stands, is for the caller to say, who also holds the question.
"""

from collections.abc import Sequence

from portal.core.clock import now
from portal.core.markdown import clean_html
from portal.core.models import Topic
from portal.core.topics import topics_by_slug
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Act, Answer, Post, Question, QuestionTopic
from portal.questions.models.question import question_slug

from .bodies import body_settle
from .counters import questions_recount
from .moves import Decision, details_take, move_keep, state_of
from .revisions import Credit, revision_begin, revision_keep
from .texts import body_errors, language_errors, rendered, require_fields, title_errors
from .versions import questions_reassess


def question_write(
    *,
    question: Question,
    credit: Credit,
    title: str | None = None,
    body: str | None = None,
    body_format: str = Post.Format.MARKDOWN,
    language: str | None = None,
    topics: Sequence[str] | None = None,
) -> Question:
    """Gives a question new words, language or topics (None: as they are), keeps them as a version, and returns it.

    topics: slugs. Raises ``Invalid`` for fields that cannot be used; words that stood there before pass as they were.
    """
    revision_begin(post=question)
    before, words = state_of(question), (question.title, question.body)
    shown = question.body_html
    if title is not None:
        title = " ".join(title.split())
        # What an import brought may be shorter or longer: only a new title is held to the rule.
        fresh = title != question.title and credit.restores is None
        require_fields({"title": title_errors(title) if fresh else []})
        question.title, question.slug = title, question_slug(title)
    _reword(question, credit, body, body_format, language)
    if topics is not None:
        _retopic(question, topics_by_slug(slugs=topics))
        questions_reassess(user=credit.actor, ids=[question.pk])
    if words != (question.title, question.body):
        details_take(question=question, by=credit.actor)
    _stamp(question, credit)
    slugs = list(question.topic_items.order_by("tag__slug").values_list("tag__slug", flat=True))
    revision_keep(post=question, credit=credit, topics=slugs)
    body_settle(post=question, user=credit.editor or credit.actor, before=shown)
    questions_recount(ids=[question.pk])
    questions_changed([question.pk])
    events.announce_question(events.QuestionEdited, question, credit.actor)
    question.refresh_from_db()
    decision = Decision(act=Act.GIVE_DETAILS, by=credit.actor)
    move_keep(question=question, before=before, decision=decision)
    return question


def answer_write(
    *,
    answer: Answer,
    credit: Credit,
    body: str | None = None,
    body_format: str = Post.Format.MARKDOWN,
    language: str | None = None,
) -> Answer:
    """Gives an answer new words or another language (None: as they are), keeps them as a version, and returns it."""
    revision_begin(post=answer)
    shown = answer.body_html
    _reword(answer, credit, body, body_format, language)
    _stamp(answer, credit)
    revision_keep(post=answer, credit=credit)
    body_settle(post=answer, user=credit.editor or credit.actor, before=shown)
    questions_recount(ids=[answer.question_id])
    questions_changed([answer.question_id])
    answer.question.refresh_from_db()
    events.announce_answer(events.AnswerEdited, answer, credit.actor)
    return answer


def _reword(post: Question | Answer, credit: Credit, body: str | None, body_format: str, language: str | None) -> None:
    if body is not None and (body, body_format) != (post.body, post.body_format):
        require_fields({"body": body_errors(body) if credit.restores is None else []})
        html = (
            rendered(body, language=language or post.language)
            if body_format == Post.Format.MARKDOWN
            else clean_html(body)
        )
        post.body, post.body_html, post.body_format = body, html, Post.Format(body_format)
    if language is not None:
        require_fields({"language": language_errors(language) if credit.restores is None else []})
        post.language = language


def _stamp(post: Question | Answer, credit: Credit) -> None:
    """Saves a post as edited just now; ``version`` is what the next edit has to name."""
    post.version += 1
    post.updated_at = post.edited_at = now()
    post.edited_by = credit.editor
    post.save()


def _retopic(question: Question, chosen: Sequence[Topic]) -> None:
    question.topic_items.exclude(tag__in=chosen).delete()
    kept = set(question.topic_items.values_list("tag_id", flat=True))
    QuestionTopic.objects.bulk_create(
        QuestionTopic(content_object=question, tag=topic) for topic in chosen if topic.pk not in kept
    )
