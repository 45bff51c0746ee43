"""The community that benchmarks are made of is always the same, and like a real one in what costs a search time."""

from collections import Counter
from statistics import median

import pytest

from benchmarks.generated import LANGUAGES, Community, Vocabulary
from search.analyzers import language_of_text, stopwords
from search.documents import SearchDocument

COUNT = 600


@pytest.fixture(scope="module")
def questions() -> list[SearchDocument]:
    """The first questions."""
    community = Community()
    return [community.question(number) for number in range(COUNT)]


def test_the_same_number_is_the_same_question_whoever_asks(questions: list[SearchDocument]) -> None:
    assert Community().question(317) == questions[317]
    assert Community(seed=2).question(317) != questions[317]
    assert len({question.title for question in questions}) == COUNT


def test_the_four_languages_in_their_shares(questions: list[SearchDocument]) -> None:
    shares = Counter(question.language for question in questions)
    assert set(shares) == set(LANGUAGES)
    assert shares["en"] > shares["ru"] > shares["ar"] > COUNT / 20


@pytest.mark.parametrize("language", ["ru", "ja", "ar"])
def test_each_language_is_written_in_its_script(questions: list[SearchDocument], language: str) -> None:
    of_it = [question for question in questions if question.language == language]
    right = [question for question in of_it if language_of_text(f"{question.title} {question.body}") == language]
    assert len(right) / len(of_it) > 0.95


def test_lengths_are_those_of_support_questions(questions: list[SearchDocument]) -> None:
    bodies = [len(question.body.split()) for question in questions if question.language == "en"]
    assert 40 <= median(bodies) <= 80
    assert max(bodies) > 4 * median(bodies), "a few are long"
    assert 4 <= median(len(question.title.split()) for question in questions if question.language == "en") <= 12


def test_words_are_as_frequent_as_in_running_text(questions: list[SearchDocument]) -> None:
    words = Counter(word for question in questions if question.language == "en" for word in question.body.split())
    total = sum(words.values())
    most_frequent = words.most_common(10)
    assert 0.08 < sum(count for _, count in most_frequent) / total < 0.4
    assert {word for word, _ in most_frequent} & set(stopwords.ENGLISH)
    once = sum(count == 1 for count in words.values())
    assert once > len(words) / 4, "a long tail of rare words"


def test_some_are_answered_and_some_accepted(questions: list[SearchDocument]) -> None:
    statuses = Counter(question.status for question in questions)
    assert min(statuses[status] for status in ("open", "answered", "accepted")) > COUNT / 10
    assert all(question.answers for question in questions if question.answers_count)
    assert all(question.answers_count for question in questions if question.accepted)


def test_topics_are_shared_unevenly(questions: list[SearchDocument]) -> None:
    topics = Counter(question.topics[0] for question in questions)
    assert topics["topic-0"] > COUNT / 20
    assert len(topics) > 50


def test_what_readers_ask_is_in_a_question(questions: list[SearchDocument]) -> None:
    texts = [f"{question.title} {question.body}" for question in questions]
    asked = Community().asked(70, COUNT)
    assert {each.kind for each in asked} == {"words", "sentence", "frequent", "code"}
    for each in asked:
        if each.kind == "words":
            assert any(all(word in text for word in each.text.split()) for text in texts), each
    assert asked == Community().asked(70, COUNT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vocabulary_holds_each_word_once(language: str) -> None:
    words = Vocabulary(language, size=3_000).words
    assert len(words) == len(set(words)) == 3_000
    assert all(word.strip() and " " not in word for word in words)
