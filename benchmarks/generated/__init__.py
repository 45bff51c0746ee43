"""A community made by code, as large as one likes: questions in four languages, and the queries of its readers.

The same number always gives the same question. Words are made of sounds (of roots and patterns in Arabic, of
characters in Japanese), and how often each is used follows the law of Zipf and Mandelbrot. The most frequent ones are
the real stop words of each language, since these are what make lists of documents long.
"""

from benchmarks.generated.questions import Community
from benchmarks.generated.vocabulary import LANGUAGES, Vocabulary

__all__ = ["LANGUAGES", "Community", "Vocabulary"]
