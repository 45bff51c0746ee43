"""The tables of questions and answers, a file for each noun."""

from .answer import Answer
from .asking import AskingSettings
from .bookmark import Bookmark
from .comment import Comment, CommentVersion
from .demand import Demand
from .draft import Draft, SentForm
from .duplicate import Contest, DuplicateProposal, Outcome
from .expert_rights import ExpertRights
from .lifecycle import Act, Role, Why
from .link import QuestionLink
from .merge import Merge
from .move import QuestionMove, ReopenVote
from .passport import Confirmation, HoldsOn, ObsoleteMark, Passport, Solution
from .post import Post
from .question import Question, QuestionTopic, Status
from .release import Release
from .reversal import VoteReversal
from .revision import Revision
from .suggestion import Suggestion
from .upload import Upload, UploadUse
from .vote import Vote

__all__ = [
    "Act",
    "Answer",
    "AskingSettings",
    "Bookmark",
    "Comment",
    "CommentVersion",
    "Confirmation",
    "Contest",
    "Demand",
    "Draft",
    "DuplicateProposal",
    "ExpertRights",
    "HoldsOn",
    "Merge",
    "ObsoleteMark",
    "Outcome",
    "Passport",
    "Post",
    "Question",
    "QuestionLink",
    "QuestionMove",
    "QuestionTopic",
    "Release",
    "ReopenVote",
    "Revision",
    "Role",
    "SentForm",
    "Solution",
    "Status",
    "Suggestion",
    "Upload",
    "UploadUse",
    "Vote",
    "VoteReversal",
    "Why",
]
