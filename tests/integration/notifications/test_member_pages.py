"""The pages of following and being told: for the stranger, another member and the owner, in four languages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.notifications.links import Quieting, quiet_token
from portal.notifications.models import Follow, Notification, NotificationSettings
from portal.notifications.services.settings import notification_settings_update
from portal.notifications.services.telling import happenings_tell
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.questions import answer, comment, question, topic

from .telling import follow, told

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "ru", "ja", "ar")
OWN_PAGES = ("inbox/", "account/follows/", "account/notifications/")


def settings_data(user, **changed: str) -> dict[str, str]:
    """What the form of the settings sends when nothing but ``changed`` was touched."""
    form = browser(user).get("/en/account/notifications/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value is not None and value is not False} | changed


class TestRights:
    def test_each_page_and_each_act_for_stranger_and_other_member(self):
        asked = question(title="A matter of the owner alone")
        owner, other = asked.author, member()
        answer(asked)
        happenings_tell()
        note = Notification.objects.get(recipient=owner)
        reads = {"inbox/": 200, "account/follows/": 200, "account/notifications/": 200, f"inbox/{note.pk}/": 404}
        for address, status in reads.items():
            reply = browser().get(f"/en/{address}")
            assert (reply.status_code, reply["Location"]) == (302, f"/en/account/login/?next=/en/{address}")
            foreign = browser(other).get(f"/en/{address}")
            assert foreign.status_code == status and "the owner alone" not in foreign.text, address
        before = (levels(), list(Notification.objects.values("pk", "read_at")), NotificationSettings.objects.count())
        for address in (*OWN_PAGES[2:], "inbox/read/", f"inbox/{note.pk}/read/", f"follow/question/{asked.pk}/"):
            reply = browser().post(f"/en/{address}", {"value": "mute"})
            assert reply["Location"].startswith("/en/account/login/"), address
        assert browser(other).post(f"/en/inbox/{note.pk}/read/").status_code == 404
        browser(other).post("/en/inbox/read/")
        after = (levels(), list(Notification.objects.values("pk", "read_at")), NotificationSettings.objects.count())
        assert after == before

    def test_what_one_leaves_or_mutes_another_still_follows(self):
        asked, other = question(), member()
        follow(other, asked)
        for value in ("mute", "leave"):
            browser(other).post(f"/en/follow/question/{asked.pk}/", {"value": value})
        assert levels()[asked.author_id] == "following"

    def test_the_pages_are_kept_by_no_cache(self):
        client = browser(member())
        for address in OWN_PAGES:
            assert "no-store" in client.get(f"/en/{address}")["Cache-Control"], address

    @pytest.mark.parametrize("address", ["inbox/", "account/follows/"])
    def test_a_page_that_is_read_takes_no_post(self, address):
        assert browser(member()).post(f"/en/{address}").status_code == 405


def levels() -> dict[int, str]:
    return dict(Follow.objects.values_list("user_id", "level"))


class TestLanguages:
    EMPTY = {
        "inbox/": ("Nothing here yet", "Здесь пока ничего нет", None, None),
        "account/follows/": (
            "You follow nothing yet", "Подписок пока нет", "まだ何もフォローしていません", "لا تتابع شيئًا بعد",
        ),
        "account/notifications/": ("Notifications", "Уведомления", "通知", "الإشعارات"),
    }  # fmt: skip

    @pytest.mark.parametrize("number", range(4), ids=LANGUAGES)
    def test_empty_each_page_says_what_to_do_in_the_readers_language(self, number):
        language = LANGUAGES[number]
        client = browser(member(language=language))
        for address, words in self.EMPTY.items():
            page = client.get(f"/{language}/{address}").text
            assert f'lang="{language}"' in page and f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
            assert words[number] is None or words[number] in page, address
            assert page.count("<h1") == 1 and " style=" not in page and "onclick" not in page

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_full_each_page_keeps_the_direction_of_what_others_wrote(self, language):
        asked = question(member(language=language), title="Почему <b>течёт</b> клапан?", language="ru")
        answer(asked, member(display_name="آدا <i>"))
        happenings_tell()
        client = browser(asked.author)
        for address in OWN_PAGES[:2]:
            page = client.get(f"/{language}/{address}").text
            assert "Почему &lt;b&gt;течёт&lt;/b&gt; клапан?" in page and "<b>течёт" not in page
            title = page.split("Почему &lt;b&gt;")[0].rsplit("<a ", 1)[1]
            assert 'dir="auto"' in title and 'lang="ru"' in title, address
        assert "آدا &lt;i&gt;" in client.get(f"/{language}/inbox/").text

    def test_what_was_done_is_said_in_the_language_of_the_page(self):
        asked, reader = question(), member()
        client = browser(reader)
        said = {"en": "You no longer follow this.", "ru": "Вы больше не подписаны.", "ar": "لم تعد تتابع هذا."}
        for language, words in said.items():
            page = client.post(f"/{language}/follow/question/{asked.pk}/", {"value": "leave"}, follow=True)
            assert words in page.text
        saved = {"en": "Your settings are saved.", "ja": "設定を保存しました。"}
        for language, words in saved.items():
            address = f"/{language}/account/notifications/"
            assert words in client.post(address, settings_data(reader), follow=True).text


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("timezone", "Mars/Base"), ("timezone", ""), ("quiet_from", "24"), ("quiet_until", "-1"),
            ("digest_hour", "eight"), ("answer", "loud"), ("mention", ""),
        ],
    )  # fmt: skip
    def test_bad_input_is_refused_with_its_field_and_changes_nothing(self, name, wrong):
        reader = member()
        notification_settings_update(user=reader, channels={"answer": "inbox"}, quiet_from=21, timezone="Asia/Tokyo")
        before = NotificationSettings.objects.filter(user=reader).values().get()
        reply = browser(reader).post("/en/account/notifications/", settings_data(reader, **{name: wrong}))
        assert reply.status_code == 422
        assert list(reply.context["form"].errors) == [name]
        assert 'aria-invalid="true"' in reply.text and f'id="id_{name}' in reply.text
        assert NotificationSettings.objects.filter(user=reader).values().get() == before

    def test_what_was_sent_untouched_is_what_was_there(self):
        reader = member()
        notification_settings_update(
            user=reader, channels={"answer": "never", "member": "mail"}, follow_wanted=False, quiet_from=22,
            quiet_until=6, digest_hour=19, timezone="America/St_Johns",
        )  # fmt: skip
        before = NotificationSettings.objects.get(user=reader)
        assert browser(reader).post("/en/account/notifications/", settings_data(reader)).status_code == 302
        after = NotificationSettings.objects.get(user=reader)
        for name in ("follow_asked", "follow_wanted", "quiet_from", "quiet_until", "digest_hour", "timezone"):
            assert getattr(after, name) == getattr(before, name), name
        assert all(after.channel(kind) == before.channel(kind) for kind in ("answer", "member", "mention", "edit"))

    def test_whose_address_is_not_verified_is_told_that_no_mail_comes(self):
        reader = member()
        words = "No mails reach you: your address is not verified."
        assert words not in browser(reader).get("/en/account/notifications/").text
        reader.emailaddress_set.update(verified=False)
        assert words in browser(reader).get("/en/account/notifications/").text

    def test_a_choice_is_each_members_own(self):
        reader, other = member(), member()
        browser(reader).post("/en/account/notifications/", settings_data(reader, answer="never"))
        asked = question(reader)
        follow(other, asked)
        answer(asked)
        assert told(reader) == [] and len(told(other)) == 1


class TestFilters:
    @pytest.fixture
    def owner(self) -> User:
        """A member with a note of each group but the saved searches."""
        leaks, reader = topic("Leaks"), member()
        asked = question(reader, title="Why does mine drip?")
        follow(reader, leaks)
        question(title="Why does theirs drip?", topics=(leaks.slug,))
        given = answer(asked)
        comment(given, body=f"Look at this, @{reader.username}.")
        comment(given)
        happenings_tell()
        return reader

    def test_each_group_shows_its_own(self, owner):
        client = browser(owner)
        shown = {
            kind: {entry.note.kind for entry in client.get(f"/en/inbox/?kind={kind}").context["page"].entries}
            for kind in ("mentions", "answers", "comments", "changes", "following", "searches", "", "nonsense")
        }
        everything = {"mention", "answer", "comment", "question"}
        assert shown == {
            "mentions": {"mention"}, "answers": {"answer"}, "comments": {"comment"}, "changes": set(),
            "following": {"question"}, "searches": set(), "": everything, "nonsense": everything,
        }  # fmt: skip

    def test_a_group_and_unread_go_together_and_the_address_keeps_both(self, owner):
        client = browser(owner)
        note = Notification.objects.get(recipient=owner, kind="answer")
        client.post(f"/en/inbox/{note.pk}/read/", {"read": "1"})
        page = client.get("/en/inbox/?kind=answers&show=unread")
        assert page.context["page"].entries == [] and "Nothing here yet" in page.text
        assert "show=unread" in page.text and "kind=answers" in page.text
        back = client.post(f"/en/inbox/{note.pk}/read/", {"read": "0", "next": "/en/inbox/?kind=answers"})
        assert back["Location"] == "/en/inbox/?kind=answers"
        assert len(client.get("/en/inbox/?kind=answers&show=unread").context["page"].entries) == 1

    @pytest.mark.parametrize("address", ["inbox/", "account/follows/"])
    def test_a_cursor_that_is_none_is_a_kind_page_and_no_crash(self, owner, address):
        for cursor in ("x", "%00", "a" * 500):
            assert browser(owner).get(f"/en/{address}?after={cursor}").status_code == 400

    def test_what_is_followed_is_paged_and_each_stands_there_once(self, monkeypatch):
        reader = member()
        asked = question()
        people = [member() for _each in range(31)]
        Follow.objects.bulk_create(Follow(user=reader, member=each) for each in people)
        follow(reader, asked)
        client, address, seen = browser(reader), "/en/account/follows/", []
        while address:
            page = client.get(address).context["page"]
            seen += [row.thread for row in page.rows]
            address = page.next and f"/en/account/follows/?after={page.next}"
        assert seen == [f"question:{asked.pk}", *(f"member:{each.pk}" for each in reversed(people))]


class TestUnsubscribing:
    WORDS = {
        "en": "No more messages about this?",
        "ru": "Больше не писать об этом?",
        "ja": "この件のお知らせを停止しますか？",
        "ar": "لا رسائل بعد الآن عن هذا؟",
    }

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_page_asks_in_its_language_and_another_member_may_use_the_link_of_a_mail(self, language):
        """The link is what allows it, whoever is signed in at that device: it is her mails that end."""
        asked, other = question(), member()
        path = f"/{language}/inbox/quiet/{quiet_token(Quieting(asked.author_id, (f'question:{asked.pk}',)))}/"
        page = browser(other).get(path).text
        assert self.WORDS[language] in page and asked.title in page and "noindex" in page
        assert asked.author.email not in page and asked.author.username not in page.split("<main")[1].split("</main")[0]
        assert browser(other).post(path).status_code == 200
        assert levels() == {asked.author_id: "muted"}

    def test_topics_and_members_are_left_and_what_is_gone_is_passed_by(self):
        leaks, writer, reader = topic("Leaks"), member(), member()
        follow(reader, leaks)
        follow(reader, writer)
        threads = (f"topic:{leaks.pk}", f"member:{writer.pk}", "question:999999", "topic:999999")
        path = f"/en/inbox/quiet/{quiet_token(Quieting(reader.pk, threads))}/"
        assert "Leaks" in browser().get(path).text
        assert browser().post(path).status_code == 200
        assert not Follow.objects.filter(user=reader).exists()

    def test_a_kind_that_is_switched_off_wholly_is_not_switched_on_by_the_link(self):
        reader = member()
        notification_settings_update(user=reader, channels={"answer": "never", "comment": "mail"})
        path = f"/en/inbox/quiet/{quiet_token(Quieting(reader.pk, kinds=('answer', 'comment', 'gone')))}/"
        assert browser().post(path).status_code == 200
        chosen = NotificationSettings.objects.get(user=reader)
        assert chosen.channels == {"answer": "never", "comment": "inbox"}


class TestQueries:
    """What a page costs does not grow with what is on it."""

    def cost(self, client, address: str) -> int:
        client.get("/en/topics/")
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    @pytest.mark.parametrize("address", ["/en/inbox/", "/en/account/follows/", "/en/account/notifications/"])
    def test_the_pages_cost_the_same_however_much_there_is(self, address):
        leaks, reader = topic("Leaks"), member()
        follow(reader, leaks)
        client, costs = browser(reader), []
        for _round in range(2):
            for _each in range(3):
                asked = question(topics=(leaks.slug,))
                follow(reader, asked)
                follow(reader, asked.author)
                comment(answer(asked))
            happenings_tell()
            costs.append(self.cost(client, address))
        assert costs[0] == costs[1] <= 20
