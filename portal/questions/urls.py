"""Addresses of questions."""

from django.urls import URLPattern, path, register_converter

from .views import (
    anonymity,
    answers,
    ask,
    conversation,
    drafts,
    editing,
    history,
    life,
    lists,
    marks,
    official,
    pages,
    releases,
    reversals,
    suggestions,
    versions,
    votes,
)
from .views import comments as comment_views
from .views.deleted import deleted_list
from .views.duplicates import contest, duplicate, targets
from .views.merging import decide_contest, decide_proposal, merge, queue, undo
from .views.uploads import upload, uploaded
from .views.writing import mentions, preview, writes


class KindConverter:
    """What can be voted and commented on."""

    regex = "question|answer"

    def to_python(self, value: str) -> str:
        """Returns the kind as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Returns the kind as it is."""
        return value


register_converter(KindConverter, "kind")


def history_patterns(root: str, kind: str) -> list[URLPattern]:
    """Returns the addresses of the versions of a question, or of an answer."""
    return [
        path(root, history.history, name=f"{kind}-history"),
        path(f"{root}compare/", history.compare, name=f"{kind}-compare"),
        path(f"{root}compare/<int:old>/<int:new>/", history.comparison, name=f"{kind}-comparison"),
        path(f"{root}version/<int:number>/", history.version, name=f"{kind}-version"),
        path(f"{root}version/<int:number>/restore/", history.restore, name=f"{kind}-version-restore"),
    ]


urlpatterns: list[URLPattern] = [
    path("questions/", lists.question_list, name="questions"),
    path("questions/ask/", writes(ask.ask), name="ask"),
    path("questions/ask/begin/", conversation.begin, name="ask-begin"),
    path("questions/ask/similar/", conversation.candidates, name="ask-candidates"),
    path("questions/ask/none/", conversation.declined, name="ask-declined"),
    path("questions/ask/candidate/<str:kind>/<str:object_id>/", conversation.candidate, name="ask-candidate"),
    path("questions/ask/answered/<str:kind>/<str:object_id>/", conversation.answered, name="ask-answered"),
    path("questions/reveal/<kind:kind>/<int:post_id>/", anonymity.reveal, name="author-reveal"),
    path("questions/<int:question_id>/sign/", anonymity.sign, name="question-sign"),
    path("questions/preview/", preview, name="preview"),
    path("questions/suggest/<kind:kind>/<int:post_id>/", suggestions.suggest, name="suggest"),
    path("questions/suggestions/", suggestions.suggestion_list, name="suggestions"),
    path("questions/suggestions/<int:suggestion_id>/", suggestions.suggestion, name="suggestion"),
    path("questions/suggestions/<int:suggestion_id>/accept/", suggestions.accept, name="suggestion-accept"),
    path("questions/suggestions/<int:suggestion_id>/improve/", suggestions.improve, name="suggestion-improve"),
    path("questions/suggestions/<int:suggestion_id>/reject/", suggestions.reject, name="suggestion-reject"),
    path("questions/suggestions/<int:suggestion_id>/withdraw/", suggestions.withdraw, name="suggestion-withdraw"),
    path("questions/uploads/", upload, name="upload"),
    path("account/bookmarks/", marks.bookmark_list, name="bookmarks"),
    path("questions/bookmark/<kind:kind>/<int:post_id>/", marks.bookmark, name="bookmark"),
    path("questions/<int:question_id>/demand/", marks.demand, name="demand"),
    path("questions/votes/<kind:kind>/<int:post_id>/", votes.breakdown, name="votes-breakdown"),
    path("questions/mentions/", mentions, name="mentions"),
    path("questions/vote/<kind:kind>/<int:post_id>/", votes.vote, name="vote"),
    path("questions/comment/<kind:kind>/<int:post_id>/", writes(votes.comment), name="comment"),
    path("questions/comment/<kind:kind>/<int:post_id>/write/", votes.write_comment, name="comment-write"),
    path("questions/comments/<int:comment_id>/reply/", votes.reply, name="comment-reply"),
    path("questions/comments/<int:comment_id>/delete/", votes.delete_comment, name="comment-delete"),
    path("questions/comments/<int:comment_id>/", comment_views.comment_at, name="comment-at"),
    path("questions/comments/<int:comment_id>/edit/", writes(comment_views.edit), name="comment-edit"),
    path("questions/comments/<int:comment_id>/history/", comment_views.history, name="comment-history"),
    path("questions/comments/<int:comment_id>/restore/", comment_views.restore, name="comment-restore"),
    path("questions/comments/<int:comment_id>/answer/", comment_views.convert, name="comment-convert"),
    path("questions/answers/<int:answer_id>/", comment_views.answer_at, name="answer-at"),
    path("questions/answers/<int:answer_id>/comment/", comment_views.convert_back, name="conversion-undo"),
    path("questions/answers/<int:answer_id>/edit/", writes(editing.answer), name="answer-edit"),
    path("questions/answers/<int:answer_id>/accept/", answers.accept, name="answer-accept"),
    path("questions/answers/<int:answer_id>/official/", official.mark, name="answer-official"),
    path("questions/answers/<int:answer_id>/official/lift/", official.lift, name="answer-official-lift"),
    path("questions/answers/<int:answer_id>/delete/", answers.delete, name="answer-delete"),
    path("questions/answers/<int:answer_id>/restore/", answers.restore, name="answer-restore"),
    path("account/drafts/", drafts.draft_list, name="drafts"),
    path("account/drafts/<str:name>/", drafts.draft, name="draft"),
    path("account/drafts/<str:name>/discard/", drafts.discard, name="draft-discard"),
    path("account/drafts/<str:name>/swap/", drafts.swap, name="draft-swap"),
    path("questions/to-confirm/", versions.to_confirm, name="to-confirm"),
    path("questions/answers/<int:answer_id>/versions/", versions.versions, name="answer-versions"),
    path("questions/answers/<int:answer_id>/confirm/", versions.confirm, name="answer-confirm"),
    path("questions/answers/<int:answer_id>/passport/", versions.passport, name="answer-passport"),
    path("questions/answers/<int:answer_id>/solution/", versions.solution, name="answer-solution"),
    path("questions/answers/<int:answer_id>/outdated/", versions.outdated, name="answer-outdated"),
    path("questions/answers/<int:answer_id>/outdated/lift/", versions.lift, name="answer-outdated-lift"),
    path("questions/<int:question_id>/answer/", writes(answers.answer), name="answer"),
    path("questions/<int:question_id>/edit/", writes(editing.question), name="question-edit"),
    path("questions/<int:question_id>/delete/", pages.delete, name="question-delete"),
    path("questions/<int:question_id>/restore/", pages.restore, name="question-restore"),
    path("questions/<int:question_id>/settle/", life.settle, name="question-settle"),
    path("questions/<int:question_id>/reopen/", life.reopen, name="question-reopen"),
    path("questions/<int:question_id>/reopen/vote/", life.reopen_vote, name="question-reopen-vote"),
    path("questions/<int:question_id>/moves/<int:move_id>/undo/", life.undo, name="question-undo"),
    *history_patterns("questions/<int:question_id>/history/", "question"),
    *history_patterns("questions/<int:question_id>/history/<int:answer_id>/", "answer"),
    path("questions/<int:question_id>/duplicate/", duplicate, name="question-duplicate"),
    path("questions/<int:question_id>/duplicate/targets/", targets, name="question-targets"),
    path("questions/<int:question_id>/contest/", contest, name="question-contest"),
    path("questions/<int:question_id>/merge/", merge, name="question-merge"),
    path("questions/<int:question_id>/", pages.question, name="question-short"),
    path("questions/<int:question_id>/<str:slug>/", pages.question, name="question"),
]

# Under no language: a picture is the same in each of them.
upload_urlpatterns: list[URLPattern] = [path("uploads/<str:key>/<str:name>", uploaded, name="uploaded")]

# Pages for staff carry no language.
duplicate_urlpatterns: list[URLPattern] = [
    path("staff/duplicates/", queue, name="staff-duplicates"),
    path("staff/duplicates/proposals/<int:proposal_id>/", decide_proposal, name="staff-proposal"),
    path("staff/duplicates/contests/<int:contest_id>/", decide_contest, name="staff-contest"),
    path("staff/merges/<int:merge_id>/undo/", undo, name="staff-merge-undo"),
]

staff_urlpatterns: list[URLPattern] = [
    path("staff/edits/", suggestions.queue, name="staff-edits"),
    path("staff/releases/", releases.release_index, name="staff-releases"),
    path("staff/releases/product/<str:slug>/", releases.product, name="staff-product"),
    path("staff/releases/<int:release_id>/", releases.edit, name="staff-release"),
    path("staff/releases/<int:release_id>/withdraw/", releases.withdraw, name="staff-release-withdraw"),
    path("staff/releases/<int:release_id>/restore/", releases.restore, name="staff-release-restore"),
    path("staff/votes/", reversals.reversal_list, name="staff-votes"),
    path("staff/votes/<int:reversal_id>/undo/", reversals.reversal_take_back, name="staff-votes-undo"),
    path("staff/questions/", life.staff_questions, name="staff-questions"),
    path("staff/deleted/", deleted_list, name="staff-deleted"),
]
