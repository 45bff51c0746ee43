"""What happens to the demo's questions after they are asked: every step names what is there by then."""

import pytest

from portal.importers.demo.content import LANGUAGES, read_content
from portal.importers.demo.life import ACTS

CONTENT = read_content()
PEOPLE = {person.username: person for person in CONTENT.people}
TOPICS = {topic.slug: topic for topic in CONTENT.topics}
QUESTIONS = {question.key: question for question in CONTENT.questions}
RELEASES = {(release.product, release.label): release for release in CONTENT.releases}


def answer_of(step):
    return next(answer for answer in QUESTIONS[step.question].answers if answer.author == step.answer)


@pytest.mark.parametrize("step", CONTENT.steps, ids=lambda step: f"{step.act}-{step.question}-{step.by}")
def test_a_step_names_what_exists_and_comes_after_it(step):
    asked = QUESTIONS[step.question]
    assert step.act in ACTS
    assert PEOPLE[step.by].joined_days_ago >= step.days_ago > 0
    written = asked.days_ago - (answer_of(step).after / 24 if step.answer else 0)
    assert written > step.days_ago, "nobody acts on what is not written yet"
    if step.target:
        assert QUESTIONS[step.target].days_ago > step.days_ago
    products = {TOPICS[slug].parent or slug for slug in asked.topics}
    for label in filter(None, (step.first, step.last)):
        (named,) = [RELEASES[product, label] for product in products if (product, label) in RELEASES]
        assert named.days_ago >= step.days_ago, "a release is there before anybody speaks of it"
    if step.old:
        post = answer_of(step).body if step.answer else asked.title + asked.body
        assert step.old in post and step.old != step.new


def test_the_steps_come_in_the_order_of_the_story():
    assert [step.days_ago for step in CONTENT.steps] == sorted((s.days_ago for s in CONTENT.steps), reverse=True)
    assert {step.act for step in CONTENT.steps} == set(ACTS), "everything that can happen is shown"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_shows_passports_and_something_to_decide(language):
    acts = {step.act for step in CONTENT.steps if QUESTIONS[step.question].language == language}
    assert {"claim", "works", "want", "suggest"} <= acts
    assert acts & {"propose", "contest", "settle", "ask_details", "lock"}


def test_who_asks_anonymously_writes_below_under_no_name_of_hers():
    hidden = [question for question in CONTENT.questions if question.anonymous]
    assert {question.language for question in hidden} == {"en", "ar"}
    for question in hidden:
        assert question.answers and not PEOPLE[question.author].staff


def test_releases_are_of_products_and_by_staff():
    for release in CONTENT.releases:
        assert TOPICS[release.product].kind == "product" and PEOPLE[release.by].staff
