"""Who improved a post, and how many a member improved: after edits, roll backs, merges, deletions and renamings."""

import pytest

from portal.questions.models import Revision
from portal.questions.selectors.credit import credits_of, posts_improved
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_edit, question_restore
from portal.questions.services.restoring import revision_restore
from portal.questions.services.suggestions import suggestion_accept, suggestion_reject
from tests.factories.accounts import member
from tests.factories.questions import answer, question

from .scene import signed_in
from .suggesting import BODY, REASON, suggested

pytestmark = pytest.mark.django_db


def fresh(post):
    """The post as it now stands."""
    return type(post).objects.get(pk=post.pk)


def improved_by(who, post):
    """An edit of a post by a member, let in by its author."""
    post = fresh(post)
    suggestion_accept(
        user=post.author, suggestion_id=suggested(post, who, body=f"{post.body}\n\nMore {post.version}.").pk
    )
    return fresh(post)


def counts(who):
    """What a stranger, another member and the staff are told of how many posts a member improved."""
    found = {posts_improved(viewer=viewer, member=who) for viewer in (None, member(), member(staff=True))}
    assert len(found) == 1
    return found.pop()


class TestCounts:
    def test_a_post_counts_once_however_often_she_edits_it(self):
        who, given = member(), answer(body=BODY)
        for _ in range(3):
            improved_by(who, given)
        assert counts(who) == 1
        improved_by(who, given.question)
        assert counts(who) == 2, "the question is another post"

    def test_ones_own_posts_never_count(self):
        who = member()
        asked = question(who)
        given = answer(asked, who)
        question_edit(user=who, question_id=asked.pk, version=1, body="Better.")
        answer_edit(user=who, answer_id=given.pk, version=1, body="Better.")
        assert counts(who) == 0

    def test_waiting_and_declined_edits_count_nothing(self):
        who, given = member(), answer(body=BODY)
        made = suggested(given, who)
        assert counts(who) == 0
        suggestion_reject(user=given.author, suggestion_id=made.pk, words=REASON)
        assert counts(who) == 0
        assert credits_of(given.question, [fresh(given)]) == {given.pk: []}

    def test_a_roll_back_takes_no_credit_away_and_gives_one_to_staff(self):
        who, staff, given = member(), member(staff=True), answer(body=BODY)
        improved_by(who, given)
        revision_restore(user=staff, kind="answer", post_id=given.pk, number=1, version=2)
        assert credits_of(given.question, [fresh(given)]) == {given.pk: [who, staff]}
        assert (counts(who), counts(staff)) == (1, 1)

    def test_deleted_posts_count_nothing_until_they_are_back(self):
        who, staff = member(), member(staff=True)
        given = answer(body=BODY)
        improved_by(who, given)
        improved_by(who, given.question)
        answer_delete(user=staff, answer_id=given.pk)
        assert counts(who) == 1
        question_delete(user=staff, question_id=given.question_id)
        assert counts(who) == 0
        question_restore(user=staff, question_id=given.question_id)
        answer_restore(user=staff, answer_id=given.pk)
        assert counts(who) == 2

    def test_joined_questions_hide_their_own_and_keep_their_answers_credit(self):
        who, staff, asked, target = member(), member(staff=True), question(body=BODY), question(body=BODY)
        given = answer(asked, body=BODY)
        for post in (asked, target, given):
            improved_by(who, post)
        assert counts(who) == 3
        merge = questions_merge(user=staff, source_id=asked.pk, target_id=target.pk)
        assert counts(who) == 2
        given = fresh(given)
        assert credits_of(fresh(target), [fresh(target), given]) == {None: [who], given.pk: [who]}
        assert "Improved by 1 person" in signed_in(None).get(target.get_absolute_url()).content.decode()
        merge_undo(user=staff, merge_id=merge.pk)
        assert counts(who) == 3
        assert credits_of(fresh(target), [fresh(target)]) == {None: [who]}

    def test_the_page_of_a_member_says_the_same_number(self):
        who, given = member("helpful"), answer(body=BODY)
        improved_by(who, given)
        improved_by(who, given.question)
        page = signed_in(None).get("/en/members/helpful/").content.decode()
        at = page.index("Posts improved")
        assert ">2<" in page[at - 200 : at + 200]


class TestNames:
    def test_in_the_order_of_their_first_edit_each_once(self):
        first, second, third, given = member(), member(), member(staff=True), answer(body=BODY)
        for who in (first, second, first):
            given = improved_by(who, given)
        answer_edit(user=third, answer_id=given.pk, version=given.version, body="By the staff.")
        assert credits_of(given.question, [fresh(given)]) == {given.pk: [first, second, third]}

    def test_each_post_of_a_page_has_its_own_and_all_of_them_take_two_queries(self, django_assert_num_queries):
        asked = question(body=BODY)
        people = [member() for _ in range(4)]
        posts = [improved_by(people[0], asked)]
        posts += [improved_by(who, answer(asked, body=BODY)) for who in people[1:]]
        with django_assert_num_queries(2):
            found = credits_of(posts[0], posts)
        keys = [None, *(post.pk for post in posts[1:])]
        assert found == {key: [who] for key, who in zip(keys, people, strict=True)}
        untouched = answer(question())
        with django_assert_num_queries(0):
            assert credits_of(untouched.question, [untouched]) == {untouched.pk: []}

    def test_who_left_is_no_longer_named_and_nobody_takes_her_place(self):
        who, other, given = member(), member(), answer(body=BODY)
        improved_by(who, given)
        improved_by(other, given)
        Revision.objects.filter(editor=who).update(editor=None, editor_name="A former member")
        assert credits_of(given.question, [fresh(given)]) == {given.pk: [other]}

    def test_an_edit_of_the_question_is_no_credit_at_its_answers(self):
        asked, who = question(body=BODY), member()
        given = answer(asked)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="Again.")
        asked = improved_by(who, asked)
        assert credits_of(asked, [asked, fresh(given)]) == {None: [who], given.pk: []}
        assert credits_of(asked, [fresh(given)]) == {given.pk: []}

    def test_who_answered_and_mended_the_question_is_named_there(self):
        asked = question(body=BODY)
        given = answer(asked)
        asked = improved_by(given.author, asked)
        assert credits_of(asked, [asked, given]) == {None: [given.author], given.pk: []}
        page = signed_in(None).get(asked.get_absolute_url()).content.decode()
        assert page.count("Improved by 1 person") == 1
