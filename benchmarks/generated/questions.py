"""Questions with their answers, and what readers ask for."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from benchmarks.generated.vocabulary import Vocabulary
from search.documents import SearchDocument

SHARES = {"en": 55, "ru": 20, "ja": 15, "ar": 10}
TOPICS = 200
_TOPIC_WORDS = 300
# Of the words of a question, how many belong to its topic.
_TOPICAL = 0.3
_BEGAN = datetime(2015, 1, 1, tzinfo=UTC)
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader types: ``kind`` is ``words`` (two to four), ``sentence``, ``frequent`` (one word) or ``code``."""

    kind: str
    text: str
    language: str


class Community:
    """Questions by number. Two communities of the same ``seed`` are the same."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed

    def question(self, number: int) -> SearchDocument:
        """Returns the question with this number (from 0), with its answers."""
        chance = random.Random(f"{self.seed}/{number}")
        language = chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
        topic = _early(chance, TOPICS)
        answers = min(int(chance.expovariate(0.6)), 12)
        accepted = answers > 0 and chance.random() < 0.45
        asked = _BEGAN + timedelta(minutes=5 * number + chance.random() * 4)
        return SearchDocument(
            type="question",
            id=str(number),
            title=self._text(chance, language, topic, max(3, min(20, round(chance.gauss(8, 3)))), 12),
            language=language,
            body=self._text(chance, language, topic, _length(chance, 60), number),
            answers=" ".join(self._text(chance, language, topic, _length(chance, 50), number) for _ in range(answers)),
            topics=(f"topic-{topic}", f"topic-{chance.randrange(TOPICS)}"),
            author=f"member{chance.randrange(max(1, number // 5 + 1))}",
            status="accepted" if accepted else "answered" if answers else "open",
            score=int(chance.paretovariate(1.1)) - 1,
            accepted=accepted,
            official=answers > 0 and chance.random() < 0.1,
            answers_count=answers,
            created_at=asked,
            updated_at=asked + timedelta(minutes=chance.expovariate(1 / 5_000)),
        )

    def _text(self, chance: random.Random, language: str, topic: int, count: int, codes: int) -> str:
        vocabulary = _vocabulary(language)
        words = vocabulary.choose(chance, count)
        topical = _topic_words(language, topic)
        for _ in range(round(count * _TOPICAL)):
            words[int(chance.random() * count)] = topical[_early(chance, _TOPIC_WORDS)]
        if chance.random() < 0.2:
            words.append(f"{chance.choice('EFHX')}-{chance.randrange(1, 10 + codes // 50)}")
        return vocabulary.joined(words, chance)

    def asked(self, count: int, documents: int) -> list[Asked]:
        """Returns what readers look for in the first ``documents`` questions: each thing is in one of them."""
        chance = random.Random(f"{self.seed}/asked")
        found = []
        for place in range(count):
            document = self.question(chance.randrange(documents))
            kind = ("words", "words", "sentence", "words", "sentence", "frequent", "code")[place % 7]
            found.append(Asked(kind, self._query(chance, kind, document), document.language or "en"))
        return found

    def _query(self, chance: random.Random, kind: str, document: SearchDocument) -> str:
        language = document.language or "en"
        if kind == "code":
            return f"E-{chance.randrange(1, 2_000)}"
        if kind == "frequent":
            return _vocabulary(language).words[150 + chance.randrange(50)]
        words = document.title.split() if language != "ja" else [document.title[:8]]
        if kind == "sentence":
            return " ".join([*words, *document.body.split()[:6]]) if language != "ja" else document.title[:30]
        rare = sorted(words, key=len, reverse=True)[: chance.randint(2, 4)]
        return " ".join(rare)


def _early(chance: random.Random, count: int) -> int:
    """Returns a number below ``count``; each is the rarer the greater it is (its share falls as 1 / n)."""
    return int(count ** chance.random()) - 1


def _length(chance: random.Random, middle: int) -> int:
    """Returns a number of words: half of the texts are shorter than ``middle``, a few much longer."""
    return max(5, min(_LONGEST, round(middle * chance.lognormvariate(0, 0.8))))


@lru_cache(maxsize=8)
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(language)


@lru_cache(maxsize=1_000)
def _topic_words(language: str, topic: int) -> list[str]:
    """Returns the words of a topic: neither the most frequent of the language nor its rarest."""
    words = _vocabulary(language).words
    return random.Random(f"{language}/{topic}").sample(words[200:20_000], _TOPIC_WORDS)
