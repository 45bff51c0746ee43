"""The demo in a real database: loaded once and whole, by its own dates, and every public page of it answers."""

import io
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from portal.accounts.models import User, photo_path
from portal.core.clock import now
from portal.core.models import Topic, TopicName
from portal.experts.models import BadgeAward, ReputationEntry, Standing
from portal.experts.services.badges import badges_award_all
from portal.experts.services.reputation import reputation_recompute
from portal.experts.services.standings import standing_recompute
from portal.importers.demo.content import LANGUAGES, read_content
from portal.importers.demo.loading import demo_load
from portal.knowledge.models import (
    ArticleComment,
    ArticlePage,
    Author,
    HomePage,
    KnowledgeIndexPage,
    NewsIndexPage,
    NewsPage,
)
from portal.knowledge.selectors.comments import article_comments
from portal.knowledge.services.tree import tree_ensure
from portal.questions.models import (
    Answer,
    AskingSettings,
    Bookmark,
    Comment,
    Contest,
    Draft,
    DuplicateProposal,
    Merge,
    Question,
    QuestionLink,
    QuestionMove,
    Revision,
    Status,
    Suggestion,
    Vote,
)
from portal.questions.selectors.confirming import confirming_page
from portal.questions.selectors.passports import versions_of
from portal.questions.selectors.releases import release_current, release_progress
from portal.questions.services.counters import answers_recount, questions_recount

STORY = read_content()
MOST_QUERIES = 20
COUNTED = (Topic, TopicName, User, EmailAddress, Question, Answer, Comment, Vote, Revision, QuestionLink, Page, Author)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo, loaded once for all tests of this file (each leaves it as it was) and taken away after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        tree_ensure()
        yield demo_load()
        transaction.set_rollback(True)


def test_everything_arrives(demo):
    assert (demo.topics, demo.members, demo.questions) == (
        len(STORY.topics),
        len(STORY.people),
        len(STORY.questions),
    )
    assert Answer.objects.count() == sum(len(q.answers) for q in STORY.questions)
    assert Comment.objects.count() == sum(
        len(q.comments) + sum(len(a.comments) for a in q.answers) for q in STORY.questions
    )
    votes = sum(q.up + q.down + sum(a.up + a.down for a in q.answers) for q in STORY.questions)
    assert Vote.objects.count() == votes
    assert demo.pages == ArticlePage.objects.live().count() == 4 * len(STORY.articles)


def test_counters_and_status_are_what_recounting_gives(demo):
    assert questions_recount(ids=Question.objects.values_list("pk", flat=True)) == 0
    assert answers_recount(ids=Answer.objects.values_list("pk", flat=True)) == 0


def test_scores_are_those_of_the_story(demo):
    scores = dict(Question.objects.values_list("title", "score"))
    assert {q.title: q.up - q.down for q in STORY.questions} == scores


# What happened after they were asked leads these elsewhere than their entries say.
LED = {"en-amber-new", "ru-ftp", "ja-white-base", "ja-local-time"}


def test_status_follows_the_story(demo):
    found = {row.title: row for row in Question.objects.all()}
    for entry in STORY.questions:
        row = found[entry.title]
        if entry.key in LED:
            continue
        if entry.duplicate_of:
            assert row.status == Status.DUPLICATE and row.duplicate_of.title.startswith("Update to 3.6.0")
        elif entry.status:
            assert row.status == entry.status
        elif any(answer.accepted for answer in entry.answers):
            assert row.status == Status.ACCEPTED and row.accepted_answer.accepted_at > row.accepted_answer.created_at
        else:
            assert row.status == (Status.ANSWERED if entry.answers else Status.OPEN)


def test_what_happened_later_is_there_and_sound(demo):
    keys = {entry.key: Question.objects.get(title=entry.title, language=entry.language) for entry in STORY.questions}
    assert [keys[key].status for key in ("ru-ftp", "ja-white-base", "ja-local-time")] == [
        Status.OBSOLETE,
        Status.ARCHIVED,
        Status.NEEDS_DETAILS,
    ]
    assert keys["en-amber-new"].merged_into == keys["en-amber-ring"]
    assert Merge.objects.get().target == keys["en-amber-ring"]
    assert keys["ar-evening"].locked
    (waiting,) = Contest.objects.filter(outcome="")
    assert waiting.member == keys["en-e44-dup"].author
    assert DuplicateProposal.objects.filter(outcome="").count() == 2
    assert Suggestion.objects.filter(status=Suggestion.Status.PENDING).count() >= 4
    assert {"lena", "kenji"} <= set(Draft.objects.values_list("owner__username", flat=True))
    assert Bookmark.objects.filter(user__username="lena").count() == 3
    assert keys["en-charts-export"].demand_count == 3
    check = io.StringIO()
    call_command("check_integrity", stdout=check)
    assert " 1 left" not in check.getvalue()


def test_passports_have_every_state_and_a_release_waits_to_be_confirmed(demo):
    states = set()
    for question in Question.objects.filter(deleted_at=None):
        answers = list(Answer.objects.filter(question=question))
        known = versions_of(user=AnonymousUser(), question=question, answers=answers)
        states |= {str(view.state) for view in known.passports.values()}
    assert states == {"unconfirmed", "works", "doubtful", "obsolete"}
    page = confirming_page(user=User.objects.get(username="mira"), slug="", page=1)
    assert page.release.label == "3.6.1" and page.waiting >= 4
    hub = release_current(Topic.objects.get(slug="rill-hub"))
    progress = release_progress(user=AnonymousUser(), release=hub)
    assert 0 < progress.said < progress.answers
    units = Question.objects.get(title__startswith="The app shows °F")
    told = versions_of(user=AnonymousUser(), question=units, answers=list(units.answers.all()))
    assert [(str(s.spans[0]), s.accepted, s.answer.official) for s in told.solutions] == [
        ("5.2–5.2.1", True, False),
        ("5.3", False, True),
    ]
    assert units.accepted_answer.score > units.answers.get(official=True).score


def test_who_asked_anonymously_is_shown_to_nobody_and_counts_for_nothing(demo):
    assert AskingSettings.load().anonymous_allowed
    for entry in (each for each in STORY.questions if each.anonymous):
        question = Question.objects.get(title=entry.title)
        page = Client().get(question.get_absolute_url()).content.decode()
        name = next(person.name for person in STORY.people if person.username == entry.author)
        assert question.anonymous and name not in page and f"/members/{entry.author}/" not in page
        assert not ReputationEntry.objects.filter(question=question, user=question.author).exists()
        own = Comment.objects.filter(question=question, author=question.author)
        assert all(comment.anonymous for comment in own)


def test_how_questions_came_to_where_they_stand_is_told(demo):
    for question in Question.objects.exclude(merged_into__isnull=False):
        moves = list(QuestionMove.objects.filter(question=question).order_by("id"))
        assert [move.at for move in moves] == sorted(move.at for move in moves), question.title
        for before, after in pairwise(moves):
            assert before.to_status == after.from_status or question.merged_questions.exists()
        if moves:
            assert moves[0].from_status == Status.OPEN
            assert moves[-1].to_status == question.status or question.merged_questions.exists(), question.title


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/en/questions/to-confirm/", "3.6.1"),
        ("/staff/releases/", "Rill Hub"),
        ("/staff/duplicates/", "flash"),
        ("/staff/edits/", "The details are still to come."),
        ("/staff/questions/", "FTP"),
        ("/en/account/bookmarks/", "How to say no plainly."),
    ],
)
def test_no_page_of_a_fresh_demo_is_empty(demo, settings, path, said):
    settings.PORTAL_LOOPBACK = True
    client = Client()
    client.force_login(User.objects.get(username="mira"), backend="portal.accounts.backends.PortalBackend")
    reply = client.get(path)
    assert reply.status_code == 200 and said in reply.content.decode()


def test_what_staff_answered_is_official(demo):
    for answer in Answer.objects.select_related("author"):
        assert answer.official == answer.author.is_staff


def test_nothing_lies_ahead_and_the_site_looks_lived_in(demo):
    present = now()
    for model in (Question, Answer, Comment, Vote, Revision):
        assert not model.objects.filter(created_at__gt=present).exists()
    assert not Question.objects.filter(last_activity_at__gt=present).exists()
    asked = sorted(Question.objects.values_list("created_at", flat=True))
    assert present - asked[0] > timedelta(days=120) and present - asked[-1] < timedelta(days=3)
    assert max(later - earlier for earlier, later in pairwise(asked)) < timedelta(days=10)


def test_nobody_votes_for_himself_nor_before_he_came(demo):
    for vote in Vote.objects.select_related("user", "question", "answer"):
        post = vote.question or vote.answer
        assert post.author_id != vote.user_id
        assert vote.created_at >= vote.user.date_joined


def test_every_post_has_its_first_revision(demo):
    taken = Suggestion.objects.filter(status=Suggestion.Status.ACCEPTED).count()
    assert Revision.objects.count() == Question.objects.count() + Answer.objects.count() + taken
    asked = Question.objects.get(title__startswith="Hub ring stays amber")
    revision = asked.revisions.get(answer=None)
    assert (revision.body, revision.topics) == (asked.body, ["setup-wifi", "rill-hub"])


def test_members_are_full_members(demo):
    for person in STORY.people:
        user = User.objects.get(username=person.username)
        assert user.demo and user.shown_name == person.name and user.language == person.language
        assert user.is_staff == person.staff and user.is_superuser == person.admin
        assert EmailAddress.objects.get(user=user, primary=True).verified
        assert user.has_usable_password() == person.demo_account
        if person.demo_account:
            assert user.check_password(STORY.password)


def test_members_tell_of_themselves(demo):
    kenji = User.objects.get(username="kenji")
    profile = kenji.profile
    assert (profile.company, profile.role, profile.location) == ("三宅園芸", "園芸店店主", "長野")
    assert dict(profile.languages.values_list("language", "level")) == {"ja": "native", "en": "fluent"}
    assert {row.topic.slug for row in profile.topics.all()} == {"rill-valve", "rain-and-wind", "winter"}
    layla = User.objects.get(username="layla").profile
    assert layla.company == "Larkmoss" and layla.role.startswith("مهندسة")
    for user in User.objects.all():
        assert default_storage.exists(photo_path(user.photo, 64)), user.username


def test_standing_follows_from_what_was_done(demo):
    ids = list(User.objects.values_list("pk", flat=True))
    assert User.objects.get(username="kenji").reputation > 100
    assert reputation_recompute(user_ids=ids) == 0
    assert standing_recompute(user_ids=ids) == 0
    assert badges_award_all() == 0 and BadgeAward.objects.count() > 20
    best = Standing.objects.filter(topic__slug="integrations", language="en").order_by("-points").first()
    assert best.user.username in ("sam", "tomas")


def test_demo_accounts_act_on_loopback_only(demo, settings):
    mira = User.objects.get(username="mira")
    settings.PORTAL_LOOPBACK = True
    assert mira.may_sign_in()
    settings.PORTAL_LOOPBACK = False
    assert not mira.may_sign_in()


def test_topics_have_names_in_each_language(demo):
    valve = Topic.objects.get(slug="leaks-and-repairs")
    assert valve.parent.slug == "rill-valve"
    assert [valve.name_in(code) for code in LANGUAGES] == [
        "Leaks and repairs", "Протечки и ремонт", "水漏れと修理", "التسرّب والإصلاح",
    ]  # fmt: skip


def test_each_language_has_its_tree(demo):
    for code in LANGUAGES:
        locale = Locale.objects.get(language_code=code)
        home = HomePage.objects.get(locale=locale)
        assert home.title == STORY.site["home"]["title"][code] and home.live
        assert KnowledgeIndexPage.objects.get(locale=locale).get_children().live().count() == 6
        assert NewsIndexPage.objects.get(locale=locale).get_children().live().count() == 3
    assert NewsPage.objects.count() == 12


def test_the_versions_of_an_article_are_translations_of_each_other(demo):
    for page in ArticlePage.objects.filter(locale__language_code="en"):
        others = list(page.get_translations())
        assert sorted(other.locale.language_code for other in others) == ["ar", "ja", "ru"]
        assert all([block.id for block in other.body] == [block.id for block in page.body] for other in others)
        assert {page.author_id} == {other.author_id for other in others}


def test_translators_find_every_string_translated(demo):
    assert TranslationSource.objects.count() == len(STORY.articles)
    for translation in Translation.objects.all():
        total, done = translation.get_progress()
        assert total == done > 4, translation
    assert not StringTranslation.objects.filter(has_error=True).exists()


def test_an_edit_through_the_translation_keeps_the_rest(demo):
    page = ArticlePage.objects.get(slug="ready-for-winter", locale__language_code="ru")
    translation = Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale)
    before = {block.id: block.block.get_prep_value(block.value) for block in page.body}
    string = StringTranslation.objects.get(locale=page.locale, data=page.title)
    StringTranslation.objects.filter(pk=string.pk).update(data="Зима близко")
    translation.save_target(publish=False)
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert draft.title == "Зима близко"
    assert {block.id: block.block.get_prep_value(block.value) for block in draft.body} == before


def test_articles_stand_under_their_authors_and_dates(demo):
    page = ArticlePage.objects.get(slug="hub-firmware-3-6-0", locale__language_code="ja")
    assert page.author.name == "Tomas Brekke" and page.author.name_in("ja") == "トマス・ブレッケ"
    assert page.author.text_in("ja").job_title == "ファームウェアエンジニア"
    assert timedelta(days=63) < now() - page.first_published_at < timedelta(days=65)
    assert set(page.topics.slugs()) == {"firmware", "winter", "integrations"}


def test_readers_comment_under_articles(demo):
    told = [c for article in STORY.articles for version in article.versions.values() for c in version.comments]
    assert ArticleComment.objects.count() == len(told) + sum(len(comment.replies) for comment in told) > 15
    page = ArticlePage.objects.get(slug="set-up-rill", locale__language_code="ar")
    (thread,) = article_comments(user=None, page=page).threads
    assert thread.comment.user.username == "karim"
    assert [reply.comment.user.username for reply in thread.replies] == ["layla"]
    assert timedelta(days=113) < now() - thread.comment.submit_date < timedelta(days=115)
    assert ArticleComment.objects.filter(is_public=False).count() == 0
    assert not ArticleComment.objects.filter(submit_date__gt=now()).exists()


def test_pictures_lie_in_the_storage(demo):
    for image in get_image_model().objects.all():
        assert default_storage.exists(image.file.name) and image.width in (256, 1200)


def page_paths():
    for code in LANGUAGES:
        yield from (f"/{code}/", f"/{code}/knowledge/", f"/{code}/news/")
        yield from (f"/{code}/members/", f"/{code}/experts/", f"/{code}/topics/", f"/{code}/topics/firmware/")
    yield from (f"/ja/members/{person.username}/" for person in STORY.people)
    yield from (page.url for page in ArticlePage.objects.live())


def test_every_other_page_answers(demo):
    client = Client()
    for path in page_paths():
        assert client.get(path).status_code == 200, path


def test_every_question_answers_in_few_queries(demo):
    client = Client()
    for path in [
        *(f"/{code}/questions/" for code in LANGUAGES),
        *(q.get_absolute_url() for q in Question.objects.filter(deleted_at=None)),
    ]:
        with CaptureQueriesContext(connection) as queries:
            reply = client.get(path)
        assert reply.status_code == 200, path
        assert len(queries) <= MOST_QUERIES, (path, len(queries))


def test_links_inside_the_content_lead_somewhere(demo):
    html = " ".join(row.body_html for model in (Question, Answer, Comment) for row in model.objects.all())
    paths = set(re.findall(r'href="(/[^"#]+)', html))
    assert paths, "some answers point to guides"
    for path in paths:
        assert Client().get(path).status_code == 200, path
