"""manage.py load_demo: once, whole or not at all, and never into a portal that is in use."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from wagtail.images import get_image_model
from wagtail.models import Page

from portal.accounts.models import User
from portal.core.models import Topic, TopicName
from portal.importers.demo.content import read_content
from portal.importers.demo.loading import DemoState, demo_load, demo_state
from portal.importers.management.commands.load_demo import ACCOUNTS
from portal.knowledge.models import ArticlePage, Author
from portal.questions.models import Answer, Comment, Question, QuestionLink, Revision, Vote
from tests.factories.accounts import member
from tests.factories.questions import question

STORY = read_content()
COUNTED = (Topic, TopicName, User, EmailAddress, Question, Answer, Comment, Vote, Revision, QuestionLink, Page, Author)


def row_counts():
    return {model.__name__: model.objects.count() for model in COUNTED} | {"images": get_image_model().objects.count()}


def load(**options):
    said = StringIO()
    call_command("load_demo", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def empty(db, tmp_path, monkeypatch):
    """An empty portal with a data folder of its own."""
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    return tmp_path


def test_it_loads_once_and_says_who_can_sign_in(empty):
    said = load()
    written = (empty / ACCOUNTS).read_text(encoding="utf-8")
    assert written.strip() in said
    assert all(name in written for name in ("mira", "kenji", "lena", STORY.password))
    before = row_counts()
    assert before["Question"] == len(STORY.questions)
    (empty / ACCOUNTS).unlink()
    assert "loaded before" in load() and demo_state() is DemoState.DEMO
    assert row_counts() == before, "a second run changes nothing"
    assert (empty / ACCOUNTS).read_text(encoding="utf-8") == written, "who can sign in is told again"
    assert load(verbosity=0) == ""


def test_a_portal_in_use_is_left_alone(empty):
    question(member("owner"))
    said = load()
    assert demo_state() is DemoState.OWN and "stays out" in said
    assert Question.objects.count() == 1 and not User.objects.filter(demo=True).exists()
    assert not (empty / ACCOUNTS).exists()


def test_members_alone_keep_the_demo_out_too(empty):
    member("only-one")
    load()
    assert User.objects.count() == 1


def test_a_failure_leaves_nothing(empty, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("portal.importers.demo.loading.translations_link", breaks)
    with pytest.raises(RuntimeError):
        load()
    assert demo_state() is DemoState.EMPTY
    assert not Topic.objects.exists() and not ArticlePage.objects.exists()
    monkeypatch.undo()
    assert demo_load().questions == len(STORY.questions)
