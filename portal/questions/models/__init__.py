"""The tables of questions and answers, a file for each noun."""

from .answer import Answer
from .asking import AskingSettings
from .comment import Comment
from .link import QuestionLink
from .merge import Merge
from .passport import Confirmation, HoldsOn, ObsoleteMark, Passport, Solution
from .post import Post
from .question import Question, QuestionTopic, Status
from .release import Release
from .revision import Revision
from .suggestion import Suggestion
from .vote import Vote

__all__ = [
    "Answer",
    "AskingSettings",
    "Comment",
    "Confirmation",
    "HoldsOn",
    "Merge",
    "ObsoleteMark",
    "Passport",
    "Post",
    "Question",
    "QuestionLink",
    "QuestionTopic",
    "Release",
    "Revision",
    "Solution",
    "Status",
    "Suggestion",
    "Vote",
]
