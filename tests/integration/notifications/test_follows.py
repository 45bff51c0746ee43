"""Following questions, topics and members: buttons, pages, API, and following by what one does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.errors import Invalid, NotFound, SignInNeeded, StateForbids
from portal.notifications.models import Follow, Level
from portal.notifications.selectors.follows import follow_state, follows_of
from portal.notifications.services import follows as service
from portal.notifications.services.follows import follow_end, follow_set
from portal.notifications.services.settings import notification_settings_update
from portal.questions.services.demands import demand_add, demand_remove
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import answer, comment, question, topic

from .telling import api, follow, kinds, told

pytestmark = pytest.mark.django_db


def levels(user) -> dict[str, str]:
    return {each.thread: each.level for each in Follow.objects.filter(user=user)}


class TestOutsiders:
    def test_a_stranger_is_led_to_sign_in_and_back_to_the_question_of_following(self):
        asked = question()
        page = browser().get(asked.get_absolute_url())
        address = f"/en/follow/question/{asked.pk}/"
        assert f'href="{address}"' in page.text and f'action="{address}"' not in page.text
        assert browser().get(address)["Location"] == f"/en/account/login/?next={address}"
        reader = member()
        asks = browser(reader).get(address)
        assert asks.status_code == 200 and asked.title in asks.text
        assert levels(reader) == {}, "opening it follows nothing"
        assert browser(reader).post(address, {"value": "follow"})["Location"] == asked.get_absolute_url()
        assert levels(reader) == {f"question:{asked.pk}": "following"}

    @pytest.mark.parametrize("address", ["/en/account/follows/", "/en/account/notifications/"])
    def test_a_strangers_own_pages_are_nobodys(self, address):
        assert browser().get(address)["Location"] == f"/en/account/login/?next={address}"

    def test_what_one_may_not_see_cannot_be_followed(self):
        asked, reader = question(), member()
        with committed():
            question_delete(user=asked.author, question_id=asked.pk)
        for kind, key in [
            ("question", str(asked.pk)), ("question", "0"), ("question", "x"), ("question", "9" * 30),
            ("topic", "none"), ("topic", "\x00"), ("member", "nobody"), ("article", "1"), ("", ""),
        ]:  # fmt: skip
            with pytest.raises(NotFound):
                follow_set(user=reader, kind=kind, key=key)
        assert browser(reader).post(f"/en/follow/question/{asked.pk}/").status_code == 404
        assert api(reader, "put", f"follows/question/{asked.pk}", {}).status_code == 404
        with pytest.raises(SignInNeeded):
            follow_set(user=None, kind="question", key="1")

    def test_the_list_is_each_members_own_and_leaves_out_what_is_gone(self):
        asked, reader, other = question(title="The secret valve"), member(), member()
        follow(reader, asked)
        assert "secret valve" not in browser(other).get("/en/account/follows/").text
        assert api(other, "get", "follows").json()["results"] == []
        with committed():
            question_delete(user=asked.author, question_id=asked.pk)
        assert "secret valve" not in browser(reader).get("/en/account/follows/").text
        assert api(reader, "get", "follows").json()["results"] == []
        assert list(follows_of(None)) == []


class TestButtons:
    def test_a_question_is_followed_muted_and_left(self):
        asked, reader = question(), member()
        client, address = browser(reader), f"/en/follow/question/{asked.pk}/"
        for value, level, words in [
            ("follow", "following", "Following"),
            ("mute", "muted", "Muted"),
            ("leave", "off", "Follow"),
            ("follow", "following", "Following"),
        ]:
            client.post(address, {"value": value})
            assert levels(reader) == {f"question:{asked.pk}": level}
            assert words in client.get(asked.get_absolute_url()).text

    def test_pressing_twice_is_once_and_the_count_tells(self):
        asked, reader = question(), member()
        client = browser(reader)
        for _each in range(2):
            client.post(f"/en/follow/question/{asked.pk}/", {"value": "follow"})
        state = follow_state(reader, asked)
        assert state.following and state.count == 2, "the asker follows too"
        assert follow_state(None, asked).count == 2

    def test_a_script_gets_the_button_alone(self):
        asked, reader = question(), member()
        reply = browser(reader).post(
            f"/en/follow/question/{asked.pk}/", {"value": "follow"}, headers={"HX-Request": "true"}
        )
        assert reply.status_code == 200 and "Following" in reply.text and "<html" not in reply.text

    def test_topics_and_members_have_it_on_their_pages(self):
        leaks, writer, reader = topic("Leaks"), member(), member()
        client = browser(reader)
        for kind, key, address in [
            ("topic", leaks.slug, f"/en/topics/{leaks.slug}/"),
            ("member", writer.username, f"/en/members/{writer.username}/"),
        ]:
            assert f'action="/en/follow/{kind}/{key}/"' in client.get(address).text
            assert client.post(f"/en/follow/{kind}/{key}/", {"value": "follow"})["Location"] == address
            assert "Following" in client.get(address).text
            client.post(f"/en/follow/{kind}/{key}/", {"value": "leave"})
        assert levels(reader) == {}
        assert "/en/follow/member/" not in browser(writer).get(f"/en/members/{writer.username}/").text

    def test_nobody_follows_herself_nor_mutes_a_topic(self):
        reader, leaks = member(), topic("Leaks")
        with pytest.raises(StateForbids):
            follow_set(user=reader, kind="member", key=reader.username)
        for level in ("muted", "off", "loud"):
            with pytest.raises(Invalid):
                follow_set(user=reader, kind="topic", key=leaks.slug, level=level)

    def test_there_is_an_end_to_it(self, monkeypatch):
        monkeypatch.setattr(service, "MOST_FOLLOWED", 2)
        reader = member()
        for _each in range(2):
            follow(reader, question())
        with pytest.raises(StateForbids):
            follow(reader, question())

    def test_the_way_back_stays_here(self):
        asked, reader = question(), member()
        reply = browser(reader).post(
            f"/en/follow/question/{asked.pk}/", {"value": "follow", "next": "https://evil.example/"}
        )
        assert reply["Location"] == "/en/account/follows/"


class TestByDoing:
    def test_who_asks_answers_comments_or_has_it_too_follows(self):
        asked = question()
        given, said, other = answer(asked), comment(asked), member()
        with committed():
            demand_add(user=other, question_id=asked.pk)
        why = dict(Follow.objects.values_list("user_id", "why"))
        assert why == {
            asked.author_id: "asked",
            given.author_id: "answered",
            said.author_id: "commented",
            other.pk: "wanted",
        }
        with committed():
            demand_remove(user=other, question_id=asked.pk)
        assert levels(other) == {}

    def test_who_left_or_muted_is_not_drawn_in_again(self):
        asked, reader = question(), member()
        for level in ("off", "muted"):
            follow(reader, asked, "muted")
            if level == "off":
                follow_end(user=reader, kind="question", key=str(asked.pk))
            answer(asked, reader)
            comment(asked, reader)
            assert levels(reader) == {f"question:{asked.pk}": level}
        comment(asked)
        assert kinds(reader) == []

    @pytest.mark.parametrize(
        ("deed", "act"),
        [
            ("follow_asked", question),
            ("follow_answered", lambda user: answer(question(), user)),
            ("follow_commented", lambda user: comment(question(), user)),
        ],
    )
    def test_each_of_it_can_be_switched_off(self, deed, act):
        reader = member()
        notification_settings_update(user=reader, **{deed: False})
        made = act(reader)
        assert levels(reader) == {}
        answer(made if deed == "follow_asked" else made.question)
        assert kinds(reader) == []


class TestMerging:
    def test_followers_go_along_and_come_back(self):
        first, second, staff = question(), question(), member(staff=True)
        follower, both = member(), member()
        for user, asked in ((follower, first), (both, first), (both, second)):
            follow(user, asked)
        with committed():
            merge = questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        assert levels(follower) == {f"question:{second.pk}": "following"}
        assert levels(both)[f"question:{second.pk}"] == "following"
        answer(second, member(display_name="Ada"))
        assert told(follower) == [("Ada answered", second.title)]
        assert ("Your question was joined with another one", second.title) in told(first.author)
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert levels(follower) == {f"question:{first.pk}": "following"}
        said = told(first.author)
        assert ("Your question stands by itself again", first.title) in said
        assert not any("joined" in words for words, _title in said)

    def test_a_note_of_an_answer_that_went_is_not_counted_where_it_is_not_shown(self):
        first, second, staff = question(), question(), member(staff=True)
        answer(first)
        assert len(told(first.author)) == 1
        with committed():
            questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        from portal.notifications.selectors.inbox import inbox_page, unread_count

        assert unread_count(first.author) == len(inbox_page(first.author).entries)


class TestPages:
    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    @pytest.mark.parametrize("address", ["account/follows/", "account/notifications/"])
    def test_they_are_there_in_each_language(self, language, address):
        reply = browser(member(language=language)).get(f"/{language}/{address}")
        assert reply.status_code == 200 and " style=" not in reply.text

    def test_what_is_followed_stands_there_and_can_be_left(self, django_assert_max_num_queries):
        reader = member()
        asked, leaks, writer = question(title="Why <i> though?"), topic("Leaks"), member(display_name="Ada")
        for thing in (asked, leaks, writer):
            follow(reader, thing)
        client = browser(reader)
        with django_assert_max_num_queries(20):
            page = client.get("/en/account/follows/").text
        assert all(words in page for words in ("Why &lt;i&gt; though?", "Leaks", "Ada"))
        assert "Ada" not in client.get("/en/account/follows/?kind=topic").text
        for kind, key in (("question", asked.pk), ("topic", leaks.slug), ("member", writer.username)):
            client.post(f"/en/follow/{kind}/{key}/", {"value": "leave", "next": "/en/account/follows/"})
        assert "You follow nothing yet" in client.get("/en/account/follows/").text

    def test_what_following_costs_the_page_of_a_question(self):
        """Of the page's queries those of following and of the inbox, for who does not follow, has news, has read."""
        asked, reader, other = question(), member(), member()
        follow(reader, asked)
        answer(asked)
        told(reader)
        own, all_of_them = [], []
        for user in (other, reader, reader):
            client = browser(user)
            client.get("/en/questions/")
            with CaptureQueriesContext(connection) as found:
                client.get(asked.get_absolute_url())
            own.append(sum("notifications_" in query["sql"] for query in found))
            all_of_them.append(len(found))
        assert own == [2, 6, 2], "the bell and the button; four more where there are notes to read"
        assert max(all_of_them) <= 20

    def test_choices_are_kept(self):
        reader = member()
        client = browser(reader)
        page = client.get("/en/account/notifications/")
        form = page.context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        data |= {
            "answer": "never",
            "question": "mail",
            "quiet_from": "22",
            "quiet_until": "7",
            "timezone": "Asia/Tokyo",
        }
        data.pop("follow_commented")
        assert client.post("/en/account/notifications/", data).status_code == 302
        chosen = reader.notification_settings
        assert (chosen.channel("answer"), chosen.channel("question")) == ("never", "mail")
        assert (chosen.quiet_from, chosen.quiet_until, chosen.timezone) == (22, 7, "Asia/Tokyo")
        assert not chosen.follow_commented and chosen.follow_asked
        refused = client.post("/en/account/notifications/", {**data, "timezone": "Mars/Base", "answer": "loud"})
        assert refused.status_code == 422
        chosen.refresh_from_db()
        assert chosen.timezone == "Asia/Tokyo"


class TestApi:
    def test_a_follow_is_made_read_and_ended(self):
        asked, leaks, writer, reader = question(), topic("Leaks"), member(), member()
        for kind, key in (("question", asked.pk), ("topic", leaks.slug), ("member", writer.username)):
            for _twice in range(2):
                made = api(reader, "put", f"follows/{kind}/{key}", {})
                assert made.status_code == 200
                assert (made.json()["type"], made.json()["key"], made.json()["level"]) == (kind, str(key), "following")
        rows = api(reader, "get", "follows?limit=2").json()
        assert [row["type"] for row in rows["results"]] == ["member", "topic"] and rows["next"]
        only = api(reader, "get", "follows?type=question").json()["results"]
        assert [(row["title"], row["why"]) for row in only] == [(asked.title, "chosen")]
        assert api(reader, "put", f"follows/question/{asked.pk}", {"level": "muted"}).json()["level"] == "muted"
        assert api(reader, "put", f"follows/topic/{leaks.slug}", {"level": "muted"}).status_code == 422
        for kind, key in (("question", asked.pk), ("topic", leaks.slug), ("member", writer.username)):
            assert api(reader, "delete", f"follows/{kind}/{key}").status_code == 204
        assert api(reader, "get", "follows").json() == {"results": [], "next": None}
        assert Follow.objects.get(user=reader).level == Level.OFF

    def test_without_a_token_nothing(self):
        client = browser()
        for method, address in [
            ("get", "follows"), ("put", "follows/question/1"), ("delete", "follows/question/1"),
            ("get", "notification-settings"), ("put", "notification-settings"), ("put", "inbox/1/read"),
        ]:  # fmt: skip
            assert getattr(client, method)(f"/api/v1/{address}").status_code == 401, address

    def test_settings_are_read_and_changed(self):
        reader = member()
        before = api(reader, "get", "notification-settings").json()
        assert before["channels"]["mention"] == "mail" and before["timezone"] == "UTC"
        after = api(reader, "put", "notification-settings", {"channels": {"mention": "inbox"}, "quiet_from": 20}).json()
        assert after == {**before, "channels": {**before["channels"], "mention": "inbox"}, "quiet_from": 20}
        for wrong in (
            {"channels": {"mention": "loud"}},
            {"channels": {"saved_search": "mail"}},
            {"channels": {"nothing": "mail"}},
            {"quiet_from": 24},
            {"timezone": "Mars/Base"},
        ):
            assert api(reader, "put", "notification-settings", wrong).status_code == 422, wrong
        assert api(reader, "get", "notification-settings").json() == after

    def test_a_note_of_a_topic_names_the_question_in_its_own_language(self):
        leaks, reader = topic("Leaks"), member()
        follow(reader, leaks)
        asked = question(title="Течёт клапан", language="ru", topics=(leaks.slug,))
        told(reader)
        (note,) = api(reader, "get", "inbox?kind=following").json()["results"]
        assert (note["type"], note["object_id"]) == ("topic", leaks.pk)
        assert (note["title"], note["language"]) == (asked.title, "ru")
        assert 'lang="ru"' in browser(reader).get("/en/inbox/").text

    def test_a_note_tells_its_items_and_is_read(self):
        asked = question()
        given = [answer(asked) for _each in range(2)]
        told(asked.author)
        (note,) = api(asked.author, "get", "inbox?kind=answers").json()["results"]
        assert (note["kind"], note["type"], note["object_id"], note["text"]) == (
            "answer", "question", asked.pk, "2 new answers",
        )  # fmt: skip
        assert [item["id"] for item in note["items"]] == [each.pk for each in reversed(given)]
        assert note["items"][0]["author"]["username"] == given[1].author.username
        assert f"answer-{given[0].pk}" in note["url"]
        assert api(asked.author, "get", "inbox?kind=mentions").json()["results"] == []
        assert api(asked.author, "put", f"inbox/{note['id']}/read", {}).json()["read"] is True
        assert api(asked.author, "get", "inbox").json()["unread_count"] == 0
        assert api(member(), "put", f"inbox/{note['id']}/read", {}).status_code == 404
        assert api(asked.author, "put", f"inbox/{note['id']}/read", {"read": False}).json()["read"] is False
