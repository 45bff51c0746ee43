"""The order of answers: by score, the accepted one marked, official ones in their place, outdated ones last."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.questions.models import Answer, Question
from portal.questions.selectors.access import answers_visible_to
from portal.questions.selectors.answer_order import ORDERS, answers_ordered, order_named
from portal.questions.selectors.answer_pages import Place
from portal.questions.selectors.detail import question_page
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
NAMES = tuple(ORDERS)


def shown(asked, order="best"):
    """Returns the answers as a stranger's page has them."""
    return [item.post for item in question_page(user=STRANGER, question_id=asked.pk, place=Place(order)).answers]


class TestBest:
    def test_the_score_decides_whoever_wrote(self):
        asked = question()
        official = answer(asked, member(staff=True), official=True)
        chosen = accept(answer(asked))
        better = answer(asked)
        vote(better)
        assert shown(asked) == [better, chosen, official]

    def test_of_equals_the_accepted_then_official_ones_then_the_earlier(self):
        asked = question()
        early, late = answer(asked), answer(asked)
        official = answer(asked, member(staff=True), official=True)
        chosen = accept(answer(asked))
        assert shown(asked) == [chosen, official, early, late]

    def test_what_is_outdated_comes_last_even_if_accepted_official_and_loved(self):
        asked = question()
        old = accept(answer(asked, member(staff=True), official=True))
        for _each in range(3):
            vote(old)
        plain, poor = answer(asked), answer(asked)
        vote(poor, value=-1)
        Answer.objects.filter(pk=old.pk).update(obsolete=True)
        assert shown(asked) == [plain, poor, old]

    def test_an_acceptance_of_another_question_lifts_nothing(self):
        asked, other = question(), question()
        first, second = answer(asked), answer(asked)
        Question.objects.filter(pk=other.pk).update(accepted_answer=second)
        assert shown(asked) == [first, second]


class TestByTime:
    def test_newest_and_oldest_with_the_outdated_last_in_both(self):
        asked = question()
        one, two, three = answer(asked), answer(asked), answer(asked)
        vote(two)
        Answer.objects.filter(pk=three.pk).update(obsolete=True)
        assert shown(asked, "newest") == [two, one, three]
        assert shown(asked, "oldest") == [one, two, three]

    @pytest.mark.parametrize("name", ["", "votes", "score", "Best", "-id", "x" * 500])
    def test_an_order_that_there_is_not_is_the_best_first(self, name):
        assert order_named(name) == "best"
        assert shown(question(), name) == []


class TestPage:
    def test_the_choice_has_an_address_each_and_says_which_it_is(self):
        asked = question()
        one, two = answer(asked), answer(asked)
        vote(two)
        address = asked.get_absolute_url()
        page = Client().get(f"{address}?sort=oldest").content.decode()
        assert page.index(f'id="answer-{one.pk}"') < page.index(f'id="answer-{two.pk}"')
        assert '<a href="?sort=oldest#answers" rel="nofollow" aria-current="true">Oldest first</a>' in page
        assert '<a href="?#answers">Best first</a>' in page
        page = Client().get(address).content.decode()
        assert page.index(f'id="answer-{two.pk}"') < page.index(f'id="answer-{one.pk}"')
        assert 'href="?#answers" aria-current="true"' in page

    def test_one_answer_needs_no_order(self):
        asked = question()
        answer(asked)
        assert "Oldest first" not in Client().get(asked.get_absolute_url()).content.decode()

    def test_the_accepted_one_is_a_step_away_where_it_is_not_first(self):
        asked = question()
        chosen, better = accept(answer(asked)), answer(asked)
        step = f'href="#answer-{chosen.pk}"> '
        assert "To the accepted answer" not in Client().get(asked.get_absolute_url()).content.decode()
        vote(better)
        page = Client().get(asked.get_absolute_url()).content.decode()
        assert "To the accepted answer" in page
        assert step.strip() in page


ROWS = st.lists(st.tuples(st.integers(-3, 3), st.booleans(), st.booleans()), min_size=1, max_size=7)


class TestAnyAnswers:
    @given(rows=ROWS, chosen=st.integers(0, 6), order=st.sampled_from(NAMES), size=st.integers(1, 3))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_the_order_is_total_and_pages_of_it_make_the_whole(self, rows, chosen, order, size):
        asked = question()
        made = [
            Answer.objects.create(
                question=asked,
                body="x",
                body_html="<p>x</p>",
                language="en",
                score=score,
                official=official,
                obsolete=old,
            )
            for score, official, old in rows
        ]
        accepted = made[chosen % len(made)]
        Question.objects.filter(pk=asked.pk).update(accepted_answer=accepted)
        found = answers_ordered(answers_visible_to(STRANGER).filter(question=asked), order=order)
        whole = list(found)
        pages = [list(found[start : start + size]) for start in range(0, len(made), size)]
        assert list(itertools.chain.from_iterable(pages)) == whole
        assert sorted(each.pk for each in whole) == [each.pk for each in made]
        assert [each.obsolete for each in whole] == sorted(each.obsolete for each in whole)
        fresh = [each for each in whole if not each.obsolete]
        if order == "best":
            keys = [(-each.score, each != accepted, not each.official, each.pk) for each in fresh]
            assert keys == sorted(keys)
        else:
            numbers = [each.pk for each in fresh]
            assert numbers == sorted(numbers, reverse=order == "newest")
