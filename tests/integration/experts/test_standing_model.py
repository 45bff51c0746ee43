"""Standing and topic counts against a model that counts one by one, over random communities."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.models import Topic
from portal.curation.selectors.topics import question_counts
from portal.experts.models import Standing
from portal.experts.rules import standing_points
from portal.experts.selectors.standings import topics_above
from portal.experts.services.standings import standing_recompute
from portal.questions.models import Answer, Question, QuestionTopic
from portal.questions.selectors.lists import question_list
from tests.factories.accounts import member

pytestmark = pytest.mark.django_db
RANDOM = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Topic n lies below the topic that the n-th number chooses among those before it; three levels, as the form allows.
TREES = st.lists(st.integers(-1, 5), min_size=1, max_size=6)
POST = st.fixed_dictionaries(
    {
        "asker": st.integers(0, 2),
        "topics": st.sets(st.integers(0, 5), max_size=3),
        "deleted": st.booleans(),
        # Who accepts the first answer that is left: nobody, the asker, or whoever wrote it (staff can).
        "accepted": st.sampled_from([None, "asker", "author", "gone"]),
        "answers": st.lists(
            st.tuples(st.integers(0, 2), st.integers(-2, 4), st.sampled_from(["en", "ru"]), st.booleans()), max_size=3
        ),
    }
)


def planted(tree: list[int]) -> list[Topic]:
    """Topics in a tree of at most three levels."""
    Topic.objects.all().delete()
    made, depth = [], []
    for place, above in enumerate(tree):
        parent = above if 0 <= above < place and depth[above] < 3 else None
        made.append(
            Topic.objects.create(
                name=f"t{place}", slug=f"t{place}", parent=made[parent] if parent is not None else None
            )
        )
        depth.append(1 if parent is None else depth[parent] + 1)
    return made


def lived(posts, people, topics):
    """Questions and answers as drawn, written without services: what counts is what the database says."""
    for drawn in posts:
        gone = people[0].date_joined if drawn["deleted"] else None
        asked = Question.objects.create(
            author=people[drawn["asker"]], title="t", slug="t", body="b", body_html="b", language="en", deleted_at=gone
        )
        chosen = {topics[place % len(topics)] for place in drawn["topics"]}
        QuestionTopic.objects.bulk_create(QuestionTopic(content_object=asked, tag=topic) for topic in chosen)
        alive = []
        for author, score, language, removed in drawn["answers"]:
            made = Answer.objects.create(
                question=asked,
                author=people[author],
                body="b",
                body_html="b",
                language=language,
                score=score,
                deleted_at=people[0].date_joined if removed else None,
            )
            alive += [] if removed else [made]
        if drawn["accepted"] and alive:
            by = {"asker": asked.author, "author": alive[0].author, "gone": None}[drawn["accepted"]]
            Answer.objects.filter(pk=alive[0].pk).update(accepted_by=by)
            Question.objects.filter(pk=asked.pk).update(accepted_answer=alive[0])


def line(topic: Topic) -> set[int]:
    """The topic and all above it."""
    found, here = set(), topic
    while here is not None:
        found.add(here.pk)
        here = here.parent
    return found


def expected_standing() -> dict[tuple[int, int | None, str], tuple[int, int, int]]:
    sums = defaultdict(lambda: [0, 0])
    for answer in Answer.objects.filter(deleted_at=None, question__deleted_at=None).select_related("question"):
        chosen = answer.question.accepted_answer_id == answer.pk
        accepted = chosen and answer.author_id not in (answer.question.author_id, answer.accepted_by_id)
        places = {None}
        for item in QuestionTopic.objects.filter(content_object=answer.question).select_related("tag"):
            places |= line(item.tag)
        for place in places:
            for language in ("", answer.language):
                sums[answer.author_id, place, language][0] += accepted
                sums[answer.author_id, place, language][1] += max(answer.score, 0)
    return {key: (a, v, standing_points(accepted=a, votes=v)) for key, (a, v) in sums.items() if a or v}


@RANDOM
@given(tree=TREES, posts=st.lists(POST, max_size=6))
def test_standing_is_what_counting_one_by_one_says(tree, posts):
    people, topics = [member() for _ in range(3)], planted(tree)
    Question.objects.all().delete()
    lived(posts, people, topics)
    standing_recompute(user_ids=[user.pk for user in people])
    found = {
        (row.user_id, row.topic_id, row.language): (row.accepted, row.votes, row.points)
        for row in Standing.objects.filter(user__in=people)
    }
    assert found == expected_standing()


@RANDOM
@given(tree=TREES, posts=st.lists(POST, max_size=8))
def test_the_count_of_a_topic_is_the_number_of_its_questions(tree, posts):
    people, topics = [member() for _ in range(3)], planted(tree)
    Question.objects.all().delete()
    lived(posts, people, topics)
    counts = question_counts(None)
    for topic in topics:
        below = {other.pk for other in topics if topic.pk in line(other)}
        inside = Question.objects.filter(deleted_at=None, topic_items__tag__in=below).distinct().count()
        assert counts.get(topic.pk, 0) == inside
        listed = question_list(user=None, tab="newest", topic=topic.slug, size=100)
        assert len(listed.rows) == inside


@RANDOM
@given(tree=TREES)
def test_every_topic_knows_those_above_it(tree):
    topics = planted(tree)
    above = topics_above()
    assert {topic.pk: set(above[topic.pk]) for topic in topics} == {topic.pk: line(topic) for topic in topics}
    assert all(above[topic.pk][0] == topic.pk for topic in topics)
