"""The parts of the demo's loader, each with a small story of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from portal.accounts.models import User
from portal.accounts.services import STAFF_GROUP
from portal.core.models import Topic, TopicName
from portal.importers.demo import content
from portal.importers.demo.localization import translations_link
from portal.importers.demo.members import members_load, topics_load
from portal.importers.demo.pages import articles_load, authors_load, indexes_load
from portal.importers.demo.profiles import profiles_load, standing_load
from portal.importers.demo.questions import questions_load
from portal.importers.demo.remarks import remarks_load
from portal.knowledge.models import ArticleComment, HomePage, NewsPage
from portal.questions.models import Answer, Comment, QuestionLink, Revision, Status, Vote
from tests.factories.questions import topic as existing_topic

MOMENT = datetime(2031, 3, 1, 12, tzinfo=UTC)
LOOK = {"background": "#2f6f62", "skin": "#f1c9a5", "hair": "#7a3b1d", "shirt": "#f4d35e", "style": "short"}
pytestmark = pytest.mark.django_db


def words(text):
    return dict.fromkeys(content.LANGUAGES, text)


def person(username, *, kind="customer", language="en", joined=50.0, **more):
    if kind == "staff":
        more |= {"bio": words("Hello."), "job_title": words("Editor"), "names": words(username.title())}
    return content.Person(
        username=username, name=username.title(), kind=kind, language=language, languages=[language], location="here",
        joined_days_ago=joined, topics=["pumps"], avatar=LOOK, **more,
    )  # fmt: skip


PEOPLE = [
    person("boss", kind="staff", admin=True, demo_account=True),
    person("ann"),
    person("bea", language="ja"),
    person("cid", joined=1.0),
    person("dan"),
]
TOPICS = [
    content.Topic(slug="water", parent=None, name=words("Water"), description=words("All that is wet.")),
    content.Topic(slug="pumps", parent="water", name=words("Pumps"), description=words("What moves it.")),
]


def asked(key="one", **more):
    values = {"author": "ann", "days_ago": 10, "topics": ["pumps"], "body": "Is it **on**?", "language": "en"}
    return content.Question(key=key, title=f"A question called {key}", **(values | more))


@pytest.fixture
def topics():
    return topics_load(TOPICS)


@pytest.fixture
def members(topics):
    return members_load(PEOPLE, password="open the door", moment=MOMENT)


@pytest.fixture
def load(members, topics):
    """Loads questions into the small story and returns them by key."""

    def loaded(*entries):
        return questions_load(list(entries), members=members, topics=topics, moment=MOMENT)

    return loaded


def test_topics_hang_below_each_other(topics):
    assert topics["pumps"].parent == topics["water"]
    assert TopicName.objects.filter(topic=topics["pumps"]).count() == 4


def test_topics_that_are_there_stay_as_they_are():
    mine = existing_topic("Water")
    Topic.objects.filter(pk=mine.pk).update(description="mine")
    found = topics_load(TOPICS)
    assert found["water"].pk == mine.pk and found["water"].description == "mine"
    topics_load(TOPICS)
    assert Topic.objects.count() == 2 and TopicName.objects.count() == 8


def test_members_join_at_their_own_moments(members):
    assert members["cid"].date_joined == MOMENT - timedelta(days=1)
    assert User.objects.filter(demo=True).count() == 5
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 5


def test_only_accounts_to_be_tried_have_a_password(members):
    assert members["boss"].check_password("open the door")
    assert not members["ann"].has_usable_password()


def test_staff_have_the_staff_s_rights_and_address(members):
    boss = User.objects.get(username="boss")
    assert boss.is_staff and boss.is_superuser and boss.groups.filter(name=STAFF_GROUP).exists()
    assert boss.email.endswith("@larkmoss.example")
    ann = User.objects.get(username="ann")
    assert not ann.is_staff and not ann.groups.exists() and ann.email.endswith("@mail.example")


def test_an_open_question(load):
    question = load(asked())["one"]
    question.refresh_from_db()
    assert (question.status, question.score, question.answers_count) == (Status.OPEN, 0, 0)
    assert question.created_at == question.last_activity_at == MOMENT - timedelta(days=10)
    assert "<strong>on</strong>" in question.body_html
    assert [item.tag.slug for item in question.topic_items.all()] == ["pumps"]


def test_an_answered_question_is_as_young_as_its_latest_answer(load):
    question = load(asked(answers=[content.Answer(author="boss", after=24, body="No.")]))["one"]
    question.refresh_from_db()
    assert question.status == Status.ANSWERED
    assert question.last_activity_at == MOMENT - timedelta(days=9)
    assert Answer.objects.get().official


def test_an_answer_by_a_member_is_not_official(load):
    load(asked(answers=[content.Answer(author="dan", after=1, body="No.")]))
    assert not Answer.objects.get().official


def test_an_accepted_answer_settles_the_question(load):
    answers = [
        content.Answer(author="dan", after=1, body="No."),
        content.Answer(author="boss", after=2, body="Yes.", accepted=True),
    ]
    question = load(asked(answers=answers))["one"]
    question.refresh_from_db()
    assert question.status == Status.ACCEPTED and question.accepted_answer.author.username == "boss"
    assert question.accepted_answer.accepted_at == MOMENT - timedelta(days=10) + timedelta(hours=5)


def test_acceptance_never_lies_ahead(load):
    answer = content.Answer(author="boss", after=1, body="Yes.", accepted=True)
    question = load(asked(days_ago=0.1, answers=[answer]))["one"]
    question.refresh_from_db()
    assert question.accepted_answer.accepted_at == MOMENT


def test_votes_come_from_others_once_each(load):
    question = load(asked(up=3, down=1))["one"]
    question.refresh_from_db()
    votes = Vote.objects.filter(question=question)
    assert question.score == 2 and votes.count() == 4
    assert {vote.user.username for vote in votes} == {"boss", "bea", "cid", "dan"}


def test_readers_of_the_language_vote_first(load):
    question = load(asked(up=3))["one"]
    assert not Vote.objects.filter(question=question, user__username="bea").exists()


def test_nobody_votes_before_joining_nor_in_future(load):
    question = load(asked(up=4))["one"]
    late = Vote.objects.get(question=question, user__username="cid")
    assert MOMENT - timedelta(days=1) < late.created_at <= MOMENT
    assert all(vote.created_at <= MOMENT for vote in Vote.objects.all())


def test_comments_stand_under_their_post(load):
    answer = content.Answer(
        author="dan", after=1, body="No.", comments=[content.Comment(author="ann", after=2, body="Oh.")]
    )
    question = load(asked(answers=[answer], comments=[content.Comment(author="bea", after=3, body="Which?")]))["one"]
    question.refresh_from_db()
    assert question.comments_count == 1 and Answer.objects.get().comments_count == 1
    below = Comment.objects.get(answer__isnull=False)
    assert below.created_at == question.created_at + timedelta(hours=3)


def test_details_are_asked_for(load):
    question = load(asked(status="needs_details"))["one"]
    question.refresh_from_db()
    assert question.status == Status.NEEDS_DETAILS


def test_a_closed_question_says_why_and_by_whom(load):
    question = load(asked(status="closed", close_reason="Mended."))["one"]
    question.refresh_from_db()
    assert (question.status, question.settled_reason) == (Status.CLOSED, "Mended.")
    assert question.settled_by.username == "boss" and question.settled_at > question.created_at


def test_a_repeat_points_to_the_earlier_one(load):
    found = load(asked("earlier", days_ago=20), asked("later", duplicate_of="earlier"))
    later = found["later"]
    later.refresh_from_db()
    assert later.status == Status.DUPLICATE and later.duplicate_of == found["earlier"]
    link = QuestionLink.objects.get()
    assert (link.question, link.target, link.kind) == (later, found["earlier"], QuestionLink.Kind.DUPLICATE)


def test_each_post_keeps_its_first_version(load):
    load(asked(answers=[content.Answer(author="dan", after=1, body="No.")]))
    first, second = Revision.objects.order_by("answer")
    assert {first.number, second.number} == {1}
    assert Revision.objects.get(answer=None).topics == ["pumps"]


def test_profiles_and_standing(load, members):
    profiles_load(PEOPLE, members=members)
    load(asked(answers=[content.Answer(author="dan", after=1, body="No.", up=3, accepted=True)]))
    standing_load(members=members)
    dan = User.objects.get(username="dan")
    assert dan.reputation == 3 * 10 + 15 and dan.photo
    assert User.objects.get(username="boss").profile.company == "Larkmoss"
    assert dan.standings.filter(topic__slug="water").exists(), "also in the topic above"


def article(kind="news", **more):
    comment = content.Comment(
        author="ann", days_ago=2, body="Thanks.", replies=[content.Comment(author="boss", after=3, body="!")]
    )
    versions = {
        language: content.Version(
            title=f"Title {language}", summary=f"Summary {language}",
            blocks=[content.Block("text", f"Words {language}"), content.Block("heading", f"Heading {language}")],
            comments=[comment] if language == "en" else [],
        )
        for language in content.LANGUAGES
    }  # fmt: skip
    values = {"key": "a", "slug": "a", "author": "boss", "days_ago": 5, "topics": ["pumps"]}
    return content.Article(kind=kind, versions=versions, **(values | more))


@pytest.fixture
def site():
    page = {"title": words("A title"), "intro": words("An introduction.")}
    return {"home": page | {"lead": words("What is it?")}, "knowledge": page, "news": page}


def test_pages_are_published_translations_with_comments(site, members, topics):
    locales = indexes_load(site)
    authors = authors_load(PEOPLE, members=members)
    assert list(authors) == ["boss"]
    story = [article()]
    pages = articles_load(story, authors=authors, topics=topics, moment=MOMENT)
    assert NewsPage.objects.live().count() == 4
    assert len({page.translation_key for page in pages.values()}) == 1
    english = NewsPage.objects.get(pk=pages["a", "en"].pk)
    assert english.first_published_at == english.latest_revision.created_at == MOMENT - timedelta(days=5)
    assert translations_link(pages, locales=locales) == 3 * 5, "title, slug, summary and two blocks in three languages"
    assert remarks_load(story, pages=pages, members=members, moment=MOMENT) == 2
    reply = ArticleComment.objects.get(user=members["boss"])
    assert reply.submit_date == MOMENT - timedelta(days=2) + timedelta(hours=3) and reply.reply_to_id


def test_the_tree_gets_the_story_s_words_once(site):
    indexes_load(site)
    pages = HomePage.objects.count()
    indexes_load(site)
    assert HomePage.objects.count() == pages == 4
    assert set(HomePage.objects.values_list("headline", flat=True)) == {"What is it?"}
