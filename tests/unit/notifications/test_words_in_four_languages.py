"""The words of notes in the four languages: each kind of one happening, and of so many that its grammar is asked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from portal.accounts.models import User
from portal.notifications.models import Happening, Kind
from portal.notifications.selectors.items import ItemView
from portal.notifications.selectors.things import Thread
from portal.notifications.words import items_words
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.authors import ShownAuthor, person_shown

READER = 1
THREAD = Thread("topic", "3", "Leaks", "/en/topics/leaks/", "tag")
LANGUAGES = ("en", "ru", "ja", "ar")


def view(what: str, name: str = "Ada", *, answer: int | None = None, reply: int | None = None, **data) -> ItemView:
    """A happening; answer: who wrote the answer that it is about; reply: who wrote the comment that it replies to."""
    happening = Happening(pk=3, what=what, question=Question(pk=7), data=data)
    if answer is not None:
        happening.answer = Answer(pk=8, author_id=answer)
    if reply is not None:
        happening.comment = Comment(pk=9, parent=Comment(pk=10, author_id=reply))
    actor = ShownAuthor(User(username="ada", display_name=name) if name else None, "")
    return ItemView(SimpleNamespace(), happening, actor, "/en/questions/7/")


def said(language: str, kind: Kind, *views: ItemView) -> str:
    with translation.override(language):
        return items_words(kind, list(views), THREAD, READER)


# What happened, and its words in English, Russian, Japanese and Arabic.
ONE = [
    (Kind.MENTION, view("mentioned"), (
        "Ada mentioned you", "Вас упоминает Ada", "Adaさんがあなたに言及しました", "إشارة إليك من Ada",
    )),
    (Kind.ANSWER, view("answered"), (
        "Ada answered", "Новый ответ: Ada", "Adaさんが回答しました", "إجابة من Ada",
    )),
    (Kind.OFFICIAL, view("answered"), (
        "Official answer by Ada", "Официальный ответ: Ada", "Adaさんの公式回答", "إجابة رسمية من Ada",
    )),
    (Kind.ACCEPTED, view("accepted", answer=READER), (
        "Your answer was accepted", "Ваш ответ принят", "あなたの回答が解決に選ばれた回答になりました", "قُبلت إجابتك",
    )),
    (Kind.COMMENT, view("commented"), (
        "Ada commented", "Новый комментарий: Ada", "Adaさんがコメントしました", "تعليق من Ada",
    )),
    (Kind.STATUS, view("status", status="needs_details"), (
        "Ada asks for details", "Ada просит подробностей", "Adaさんが詳細を求めています", "طلب تفاصيل من Ada",
    )),
    (Kind.EDIT, view("edited", answer=READER), (
        "Ada edited your answer", "Правка вашего ответа: Ada", "Adaさんがあなたの回答を編集しました",
        "تعديل من Ada على إجابتك",
    )),
    (Kind.MERGED, view("merged"), (
        "Your question was joined with another one", "Ваш вопрос объединён с другим",
        "あなたの質問は別の質問に統合されました", "دُمج سؤالك مع سؤال آخر",
    )),
    (Kind.QUESTION, view("asked"), (
        "New question in Leaks", "Новый вопрос в теме «Leaks»", "Leaks の新しい質問", "سؤال جديد في Leaks",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "shown", "expected"), ONE, ids=[kind.value for kind, _view, _words in ONE])
def test_one_happening(kind, shown, expected):
    assert tuple(said(language, kind, shown) for language in LANGUAGES) == expected


# How many, and what a note of so many says. Russian has three forms, Arabic six (none has a note), Japanese one.
MANY = [
    ("en", Kind.ANSWER, {2: "2 new answers", 21: "21 new answers"}),
    ("ru", Kind.ANSWER, {2: "2 новых ответа", 5: "5 новых ответов", 11: "11 новых ответов", 21: "21 новый ответ"}),
    ("ja", Kind.ANSWER, {2: "新しい回答2件", 21: "新しい回答21件"}),
    ("ar", Kind.ANSWER, {2: "إجابتان جديدتان (2)", 3: "3 إجابات جديدة", 11: "11 إجابة جديدة", 100: "100 إجابة جديدة"}),
    ("ru", Kind.COMMENT, {3: "3 новых комментария", 12: "12 новых комментариев", 31: "31 новый комментарий"}),
    ("ar", Kind.COMMENT, {2: "تعليقان جديدان (2)", 5: "5 تعليقات جديدة", 12: "12 تعليقًا جديدًا"}),
    ("en", Kind.MENTION, {2: "You were mentioned 2 times"}),
    ("ru", Kind.MENTION, {2: "Вас упомянули 2 раза", 5: "Вас упомянули 5 раз", 21: "Вас упомянули 21 раз"}),
    ("ru", Kind.QUESTION, {2: "2 новых вопроса в теме «Leaks»", 21: "21 новый вопрос в теме «Leaks»"}),
    ("ja", Kind.QUESTION, {2: "Leaks の新しい質問2件"}),
    ("en", Kind.MEMBER, {2: "2 new posts by Leaks"}),
    ("ar", Kind.MEMBER, {2: "مشاركتان جديدتان (2) من Leaks", 7: "7 مشاركات جديدة من Leaks"}),
    ("ru", Kind.EDIT, {2: "2 изменения", 5: "5 изменений", 21: "21 изменение"}),
    ("ar", Kind.STATUS, {2: "تغييران (2)", 3: "3 تغييرات", 11: "11 تغييرًا"}),
]


@pytest.mark.parametrize(("language", "kind", "expected"), MANY, ids=[f"{row[0]} {row[1].value}" for row in MANY])
def test_many_happenings(language, kind, expected):
    assert {count: said(language, kind, *[view("answered")] * count) for count in expected} == expected


class TestWhoItConcerns:
    """The same happening is told differently to whom it is nearer."""

    @pytest.mark.parametrize(
        ("answer", "reply", "expected"),
        [
            (2, None, "Ada commented"),
            (READER, None, "Ada commented on your answer"),
            (2, READER, "Ada replied to your comment"),
            (READER, READER, "Ada replied to your comment"),
            (READER, 2, "Ada commented on your answer"),
            (None, None, "Ada commented"),
        ],
    )
    def test_a_comment(self, answer, reply, expected):
        assert said("en", Kind.COMMENT, view("commented", answer=answer, reply=reply)) == expected

    def test_several_comments_are_counted_though_one_is_a_reply_to_her(self):
        views = [view("commented", reply=READER), view("commented")]
        assert said("en", Kind.COMMENT, *views) == "2 new comments"

    def test_an_acceptance_of_anothers_answer(self):
        assert said("en", Kind.ACCEPTED, view("accepted", answer=2)) == "An answer was accepted"
        assert said("en", Kind.ACCEPTED, view("accepted")) == "An answer was accepted"

    @pytest.mark.parametrize(
        ("what", "kind", "agreed", "refused"),
        [
            ("proposed", Kind.STATUS, "The staff agree that it was asked before", "The staff let it stand by itself"),
            ("contested", Kind.MERGED, "Your question stands by itself again", "The staff keep it as it was decided"),
        ],
    )
    def test_a_decision_and_one_that_says_neither_is_a_refusal(self, what, kind, agreed, refused):
        assert said("en", kind, view(what, agreed=True)) == agreed
        assert said("en", kind, view(what, agreed=False)) == said("en", kind, view(what)) == refused

    def test_a_confirmation_and_an_outdated_answer_differ(self):
        words = {said("en", Kind.CONFIRMATION, view(what)) for what in ("confirmation", "outdated")}
        assert words == {
            "There is a new release: does your answer still hold?",
            "Your answer is marked as outdated",
        }

    def test_a_status_that_nobody_knows_any_more_is_told_by_its_code(self):
        assert said("en", Kind.STATUS, view("status", status="melted")) == "Where the question stands: melted"
        assert said("en", Kind.STATUS, view("status")) == "Where the question stands: "


class TestWhoDidIt:
    SOMEBODY = {"en": "Somebody answered", "ru": "Новый ответ: Кто-то"}
    ANONYMOUS = {
        "en": "the asker, anonymously answered",
        "ru": "Новый ответ: автор вопроса, анонимно",
        "ja": "質問者（匿名）さんが回答しました",
        "ar": "إجابة من صاحب السؤال، دون اسم",
    }

    @pytest.mark.parametrize(("language", "expected"), SOMEBODY.items())
    def test_whose_account_is_gone_is_somebody(self, language, expected):
        assert said(language, Kind.ANSWER, view("answered", name="")) == expected

    @pytest.mark.parametrize(("language", "expected"), ANONYMOUS.items())
    def test_who_asked_anonymously_is_the_asker_in_the_readers_language(self, language, expected):
        asked, asker = Question(pk=7, anonymous=True, author_id=5), User(pk=5, username="ada", display_name="Ada")
        with translation.override(language):
            actor = person_shown(reader=None, question=asked, person=asker)
            shown = ItemView(SimpleNamespace(), Happening(pk=3, what="answered", question=asked), actor, "/")
            assert items_words(Kind.ANSWER, [shown], THREAD, READER) == expected

    @pytest.mark.parametrize("name", ["100%", "%(title)s", "{0}", "<b>Ada</b>", "آدا", "\u202eadA", "a" * 200])
    def test_any_name_is_told_as_it_is_in_every_language(self, name):
        for language in LANGUAGES:
            assert name in said(language, Kind.ANSWER, view("answered", name))
