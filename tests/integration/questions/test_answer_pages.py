"""A question with many answers: pages, permalinks, how much is asked of the database."""

import re

import pytest

from portal.core.clock import now
from portal.questions.models import Answer, Comment
from portal.questions.models.answer import ANSWERS_A_PAGE
from portal.questions.selectors.answer_order import ORDERS
from portal.questions.selectors.answer_pages import Place, answers_page
from portal.questions.selectors.detail import question_page
from portal.questions.services.answers import answer_accept, answer_delete
from portal.questions.services.counters import questions_recount
from tests.factories.accounts import member
from tests.factories.questions import answer, question

pytestmark = pytest.mark.django_db


def many(count):
    """Returns a question with so many answers, the later ones with more votes."""
    asked = question()
    who, moment = member(), now()
    Answer.objects.bulk_create(
        Answer(
            question=asked, author=who, language="en", body="x", body_html=f"<p>Answer number {number}.</p>",
            score=number, imported_score=number, created_at=moment, updated_at=moment,
        )
        for number in range(count)
    )  # fmt: skip
    questions_recount(ids=[asked.pk])
    asked.refresh_from_db()
    return asked


def shown(client, asked, query=""):
    page = client.get(f"{asked.get_absolute_url()}{query}").text
    return [int(number) for number in re.findall(r'id="answer-(\d+)"', page)], page


def test_each_answer_is_on_exactly_one_page(client):
    asked = many(2 * ANSWERS_A_PAGE + 3)
    seen = [pk for number in (1, 2, 3) for pk in shown(client, asked, f"?page={number}")[0]]
    assert len(seen) == len(set(seen)) == 2 * ANSWERS_A_PAGE + 3
    best = Answer.objects.order_by("-score").first()
    assert seen[0] == best.pk


def test_a_permalink_opens_the_page_of_its_answer(client):
    asked = many(ANSWERS_A_PAGE + 2)
    worst = Answer.objects.select_related("question").order_by("score").first()
    assert worst.get_absolute_url() == f"{asked.get_absolute_url()}?answer={worst.pk}#answer-{worst.pk}"
    numbers, page = shown(client, asked, f"?answer={worst.pk}")
    assert worst.pk in numbers
    assert "Page 2 of 2" in page
    assert worst.pk not in shown(client, asked)[0]


def test_a_short_question_has_short_links_and_no_pages(client):
    given_one = answer()
    assert given_one.get_absolute_url().endswith(f"/#answer-{given_one.pk}")
    assert "pagination" not in client.get(given_one.question.get_absolute_url()).text


def test_the_accepted_answer_is_one_press_away_from_every_page(client):
    asked = many(ANSWERS_A_PAGE + 2)
    worst = Answer.objects.order_by("score").first()
    answer_accept(user=asked.author, answer_id=worst.pk)
    assert f'href="?answer={worst.pk}#answer-{worst.pk}"' in shown(client, asked)[1]


@pytest.mark.parametrize("query", ["?page=0", "?page=-3", "?page=x", "?page=٣", "?answer=99999", "?answer=" + "9" * 40])
def test_pages_that_are_none_are_the_first(client, query):
    asked = many(ANSWERS_A_PAGE + 2)
    assert "Page 1 of 2" in shown(client, asked, query)[1]


def test_a_page_beyond_the_last_is_the_last(client):
    assert "Page 2 of 2" in shown(client, many(ANSWERS_A_PAGE + 2), "?page=900")[1]


def test_an_answer_of_another_question_opens_nothing_of_it(client):
    asked, other = many(ANSWERS_A_PAGE + 2), answer(body="Elsewhere.")
    numbers, page = shown(client, asked, f"?answer={other.pk}")
    assert other.pk not in numbers
    assert "Elsewhere." not in page


def test_each_page_names_itself_as_the_one_to_be_found(client):
    asked = many(ANSWERS_A_PAGE + 2)
    ends = {"": "/", "?page=1": "/", "?page=2": "/?page=2", "?page=2&sort=newest": "/"}
    for query, end in ends.items():
        (canonical,) = re.findall(r'<link rel="canonical" href="([^"]+)">', shown(client, asked, query)[1])
        assert canonical == f"http://testserver{asked.get_absolute_url()[:-1]}{end}"


def test_no_other_address_claims_to_be_a_translation(client):
    asked = question(language="ru")
    for language in ("en", "ru", "ja", "ar"):
        page = client.get(f"/{language}/questions/{asked.pk}/{asked.slug}/").text
        assert 'rel="alternate" hreflang' not in page
        assert re.findall(r'rel="canonical" href="([^"]+)"', page) == [f"http://testserver{asked.get_absolute_url()}"]


def test_five_hundred_answers_cost_no_more_queries_than_five(django_assert_max_num_queries):
    asked, reader = many(500), member()
    for given_one in Answer.objects.order_by("-score")[:5]:
        Comment.objects.create(
            question=asked, answer=given_one, author=reader, language="en", body="x", body_html="<p>x</p>"
        )
    with django_assert_max_num_queries(12):
        view = question_page(user=reader, question_id=asked.pk, place=Place(page=2))
    assert len(view.answers) == ANSWERS_A_PAGE
    assert view.paged.last == 17


def test_pages_of_any_order_cover_all_answers_once():
    asked = many(2 * ANSWERS_A_PAGE + 1)
    for order in (*ORDERS, "worst"):
        pages = [answers_page(user=None, question=asked, place=Place(order, number)) for number in (1, 2, 3)]
        numbers = [each.pk for page in pages for each in page.answers]
        assert sorted(numbers) == sorted(Answer.objects.values_list("pk", flat=True))
        for page in pages:
            for each in page.answers:
                found = answers_page(user=None, question=asked, place=Place(order, answer_id=each.pk))
                assert found.number == page.number


def test_who_follows_a_link_to_an_answer_that_is_gone_is_told(client):
    words = "The answer that your link leads to is no longer here."
    asked, short = many(ANSWERS_A_PAGE + 2), answer()
    worst = Answer.objects.order_by("score").filter(question=asked).first()
    assert words not in shown(client, asked, f"?answer={worst.pk}")[1]
    answer_delete(user=member(staff=True), answer_id=worst.pk)
    assert words in shown(client, asked, f"?answer={worst.pk}")[1]
    assert words in shown(client, short.question, f"?answer={worst.pk}&sort=newest")[1]
    assert words not in shown(client, short.question, f"?answer={short.pk}")[1]
    assert words not in shown(client, asked, "?answer=x")[1]
