"""What a dump becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.accounts.models import User
from portal.core.models import Source, Topic
from portal.questions.models import Answer, Comment, Question, QuestionLink, Status

from . import dumps

pytestmark = pytest.mark.django_db

MOMENT = datetime(2021, 2, 3, 4, 5, 6, 7000, tzinfo=UTC)


def test_a_question_arrives_with_everything_that_its_row_says(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    question = Question.objects.get(source_key="10")
    assert question.title == "How do I oil a hinge?"
    assert question.body_html.strip() == "<p>It squeaks.</p>"
    assert question.body_format == "html"
    assert question.language == "en"
    assert question.author.display_name == "Ada Lovelace"
    assert question.created_at == MOMENT
    assert (question.imported_score, question.score, question.views_count) == (3, 3, 40)
    assert (question.imported_upvotes, question.imported_downvotes) == (2, 1)
    assert (question.answers_count, question.comments_count) == (2, 1)
    assert question.source_licence == "CC BY-SA 4.0"
    assert question.source.name == "hinges"
    assert set(question.topics.slugs()) == {"hinges", "oil"}
    assert question.last_activity_at == datetime(2021, 2, 5, tzinfo=UTC)
    assert question.hot > 0


def test_the_accepted_answer_settles_its_question(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    question = Question.objects.get(source_key="10")
    assert question.accepted_answer.source_key == "21"
    assert question.status == Status.ACCEPTED
    assert question.accepted_answer.accepted_at == datetime(2021, 2, 9, tzinfo=UTC), "the votes tell the day"
    assert Answer.objects.get(source_key="20").accepted_at is None


def test_answers_belong_to_their_questions_and_keep_author_date_and_score(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    answer = Answer.objects.get(source_key="21")
    assert answer.question.source_key == "10"
    assert answer.author.display_name == "Grace Hopper"
    assert answer.created_at == datetime(2021, 2, 4, tzinfo=UTC)
    assert (answer.score, answer.comments_count) == (5, 1)
    assert Answer.objects.get(source_key="20").score == -1


def test_an_answer_that_stands_before_its_question_arrives(run, tmp_path) -> None:
    run(dumps.write(tmp_path / "d", Posts=[dumps.answer(5, 9), dumps.question(9)]))
    assert Answer.objects.get().question.source_key == "9"


def test_comments_arrive_with_their_inline_markdown_under_the_right_post(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    first, second = Comment.objects.order_by("pk")
    assert first.body_html == "<p>Which <em>oil</em>?</p>"
    assert (first.question.source_key, first.answer) == ("10", None)
    assert second.answer.source_key == "21"
    assert (second.author, second.author_name) == (None, "user77")


def test_people_become_members_whom_nobody_can_sign_in_as(run, tmp_path, client) -> None:
    run(dumps.small(tmp_path / "d"))
    ada = User.objects.get(source_key="1")
    assert (ada.username, ada.display_name, ada.date_joined) == ("ada-lovelace", "Ada Lovelace", MOMENT)
    assert ada.is_active
    assert ada.email == ""
    assert not ada.has_usable_password()
    assert not ada.is_staff
    for password in ("!imported", "", "imported"):
        assert not client.login(username="ada-lovelace", password=password)


def test_people_of_one_name_get_usernames_of_their_own(run, tmp_path) -> None:
    User.objects.create_user(username="ada-lovelace")
    people = [dumps.user(1), dumps.user(2), dumps.user(3, "???"), dumps.user(4, "Ада"), dumps.user(-1, "!")]
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(9)], Users=people))
    names = dict(User.objects.filter(source__isnull=False).values_list("source_key", "username"))
    assert names == {"1": "ada-lovelace-1", "2": "ada-lovelace-2", "3": "user3", "4": "ада", "-1": "userm1"}


def test_a_username_never_differs_from_a_members_by_its_capitals_only(run, tmp_path) -> None:
    User.objects.create_user(username="Ada-Lovelace")
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(9)], Users=[dumps.user(1)]))
    assert User.objects.get(source_key="1").username == "ada-lovelace-1"


def test_authors_who_left_keep_a_name(run, tmp_path) -> None:
    posts = [
        dumps.question(1, OwnerUserId=None, OwnerDisplayName="Charles"),
        dumps.question(2, OwnerUserId=404),
        dumps.question(3, OwnerUserId=None),
    ]
    run(dumps.write(tmp_path / "d", Posts=posts))
    assert list(Question.objects.order_by("pk").values_list("author", "author_name")) == [
        (None, "Charles"),
        (None, "user404"),
        (None, ""),
    ]


def test_tags_become_topics_described_by_their_excerpts(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    assert dict(Topic.objects.values_list("slug", "description")) == {"hinges": "What doors turn on.", "oil": ""}
    assert Question.objects.get(source_key="11").topics.slugs()[0] == "hinges"


def test_a_topic_that_is_here_already_is_used_and_keeps_its_own_words(run, tmp_path) -> None:
    topic = Topic.objects.create(name="Hinges", slug="hinges", description="Ours.")
    run(dumps.small(tmp_path / "d"))
    topic.refresh_from_db()
    assert topic.description == "Ours."
    assert Question.objects.filter(topics=topic).count() == 2


def test_topics_arrive_without_tags_xml_and_names_that_look_alike_stay_apart(run, tmp_path) -> None:
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(1, Tags="<c++><c#><c><.net><net><дверь><???>")]))
    slugs = set(Question.objects.get().topics.slugs())
    assert len(slugs) == 7
    assert {"c", "net", "dot-net", "дверь"} <= slugs


def test_links_between_questions_arrive(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", PostLinks=[dumps.link(1, 11, 21)]))
    link = QuestionLink.objects.get()
    assert (link.question.source_key, link.target.source_key, link.kind) == ("11", "10", "related")


def test_a_duplicate_is_marked_and_names_its_original(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", PostLinks=[dumps.link(1, 11, 10, 3)]))
    question = Question.objects.get(source_key="11")
    assert question.status == Status.DUPLICATE
    assert question.duplicate_of.source_key == "10"
    assert question.settled_at == MOMENT


def test_two_questions_that_name_each_other_do_not_both_become_duplicates(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", PostLinks=[dumps.link(1, 11, 10, 3), dumps.link(2, 10, 11, 3)]))
    assert QuestionLink.objects.count() == 2
    assert Question.objects.filter(status=Status.DUPLICATE).count() == 1


def test_links_to_oneself_repeated_links_and_links_to_nowhere_do_no_harm(run, tmp_path) -> None:
    rows = [
        dumps.link(1, 11, 10),
        dumps.link(2, 11, 10),
        dumps.link(3, 11, 20),
        dumps.link(4, 10, 10),
        dumps.link(5, 10, 20),
        dumps.link(6, 10, 999),
        dumps.link(7, 11, 10, 7),
    ]
    said = run(dumps.small(tmp_path / "d", PostLinks=rows))
    assert QuestionLink.objects.count() == 1
    assert "PostLinks.xml:8: post 999 is not in the dump" in said
    assert "PostLinks.xml:9: LinkTypeId is unknown: 7" in said


def test_a_closed_and_a_locked_question_stay_so(run, tmp_path) -> None:
    posts = [
        dumps.question(1, ClosedDate="2021-05-01T00:00:00.000"),
        dumps.question(2, LockedDate="2021-05-01T00:00:00.000"),
    ]
    run(dumps.write(tmp_path / "d", Posts=posts))
    closed, locked = Question.objects.order_by("pk")
    assert (closed.status, closed.settled_at) == (Status.CLOSED, datetime(2021, 5, 1, tzinfo=UTC))
    assert locked.locked
    assert not closed.locked


@pytest.mark.parametrize(
    ("created", "said", "licence"),
    [
        ("2011-04-07T23:59:59", None, "CC BY-SA 2.5"),
        ("2011-04-08T00:00:00", None, "CC BY-SA 3.0"),
        ("2018-05-01T23:59:59", None, "CC BY-SA 3.0"),
        ("2018-05-02T00:00:00", None, "CC BY-SA 4.0"),
        ("2018-05-02T00:00:00", "CC BY-SA 3.0", "CC BY-SA 3.0"),
    ],
)
def test_each_post_keeps_the_licence_it_came_under(run, tmp_path, created, said, licence) -> None:
    row = dumps.question(1, CreationDate=created, ContentLicense=said)
    run(dumps.write(tmp_path / "d", Posts=[row]))
    assert Question.objects.get().source_licence == licence


def test_a_site_that_is_named_by_its_host_gives_each_thing_its_address(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"), site="hinges.example.org")
    assert Source.objects.get().url == "https://hinges.example.org"
    assert Question.objects.get(source_key="10").source_url == "https://hinges.example.org/q/10"
    assert Answer.objects.get(source_key="21").source_url == "https://hinges.example.org/a/21"


def test_a_site_without_a_host_claims_no_address(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "ai"), site=None)
    assert Source.objects.get().name == "ai"
    assert Question.objects.filter(source_url="").count() == 2


def test_links_to_the_sites_own_posts_become_links_to_ours(run, tmp_path) -> None:
    body = (
        '<p><a href="https://hinges.example.org/questions/11/no-oil">one</a>'
        '<a href="http://hinges.example.org/a/21">two</a> <a href="https://hinges.example.org/questions/10/x/20#20">'
        'three</a> <a href="https://elsewhere.example.org/questions/11/x">four</a>'
        '<a href="https://hinges.example.org/q/999">five</a></p>'
    )
    posts = [dumps.question(10, Body=body), dumps.question(11), dumps.answer(20, 10), dumps.answer(21, 10)]
    run(dumps.write(tmp_path / "d", Posts=posts), site="hinges.example.org")
    html = Question.objects.get(source_key="10").body_html
    eleven = Question.objects.get(source_key="11").get_absolute_url()
    assert f'<a href="{eleven}"' in html
    for key in ("20", "21"):
        assert f'href="{Answer.objects.get(source_key=key).get_absolute_url()}"' in html
    assert "https://elsewhere.example.org/questions/11/x" in html
    assert "https://hinges.example.org/q/999" in html


def test_two_sites_with_the_same_ids_stay_apart(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d")
    run(folder, site="one")
    run(folder, site="two")
    assert Question.objects.filter(source_key="10").count() == 2
    assert {q.accepted_answer.source.name for q in Question.objects.filter(source_key="10")} == {"one", "two"}
    assert User.objects.filter(source_key="1").count() == 2


def test_titles_keep_their_length_up_to_the_columns(run, tmp_path) -> None:
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(1, "Eh"), dumps.question(2, "x" * 500)]))
    assert [len(q.title) for q in Question.objects.order_by("pk")] == [2, 300]


def test_the_language_is_that_of_the_dump(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"), language="ja")
    assert set(Question.objects.values_list("language", flat=True)) == {"ja"}
    assert set(Answer.objects.values_list("language", flat=True)) == {"ja"}
