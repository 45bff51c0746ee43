"""The tables of questions and answers, a file for each noun."""

from .answer import Answer
from .comment import Comment
from .link import QuestionLink
from .merge import Merge
from .post import Post
from .question import Question, QuestionTopic, Status
from .revision import Revision
from .suggestion import Suggestion
from .vote import Vote

__all__ = [
    "Answer",
    "Comment",
    "Merge",
    "Post",
    "Question",
    "QuestionLink",
    "QuestionTopic",
    "Revision",
    "Status",
    "Suggestion",
    "Vote",
]
