"""Before asking: what is there opens in place, answers it or not, and nothing typed is lost. Without JavaScript."""

import re
from html import unescape

import pytest
from django.test import Client

from portal.core.limits import LIMITS
from portal.discovery.models import Search
from portal.discovery.visitors import COOKIE
from portal.questions.models import Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.browsers import browser as browser_of
from tests.factories.knowledge import article
from tests.factories.questions import accept, answer, question

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ASK, BEGIN, SIMILAR = "/en/questions/ask/", "/en/questions/ask/begin/", "/en/questions/ask/similar/"
TITLE = "Why does the blue lamp blink?"
TEXT = {"title": TITLE, "body": "It **blinks** at night.", "language": "en", "topics": ""}


def browser(user=None, **headers):
    """Returns a browser, signed in where a user is given."""
    return browser_of(user, headers={"User-Agent": BROWSER} | headers)


def shown(client, address, data=None, *, post=False):
    """Returns the text of a page."""
    reply = client.post(address, data) if post else client.get(address, data or {})
    assert reply.status_code == 200, reply.status_code
    return unescape(reply.content.decode())


def fields(page):
    """Returns the hidden fields of a page by name."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return dict(found)


def addresses(page, attribute):
    """Returns the values of an attribute, in order."""
    return re.findall(rf'\s{attribute}="([^"]+)"', page)


def hold_out(monkeypatch):
    """Every visitor falls into the holdout."""
    monkeypatch.setattr("portal.discovery.visitors.Visitor.holdout", property(lambda visitor: bool(visitor.key)))


@pytest.fixture
def lamp(index):
    """A question about a lamp with two answers, one accepted; in the index."""
    asked = question(title=TITLE)
    answer(asked, body="The popular way.")
    accept(answer(asked, body="Turn the **small** screw."))
    index()
    return asked


class TestWhileTyping:
    def test_candidates_come_and_open_in_place_and_all_of_it_is_written_down(self, lamp):
        client = browser()
        part = shown(client, SIMILAR, {"title": "blue lamp blinks", "language": "en"})
        assert TITLE in part
        assert "Turn the" not in part
        assert len(client.cookies[COOKIE].value) == 22
        (address,) = addresses(part, "hx-get")
        opened = shown(client, address)
        assert "Turn the <strong>small</strong> screw." in opened
        assert "The popular way." not in opened
        assert "Accepted answer" in opened
        row = Search.objects.get()
        assert (row.surface, row.text, row.opened_count) == ("ask", "blue lamp blinks", 1)
        assert row.visitor

    def test_letters_on_the_way_are_one_search(self, lamp):
        client = browser()
        for text in ("blue lam", "blue lamp", "blue lamp blinks"):
            shown(client, SIMILAR, {"title": text})
        assert Search.objects.get().text == "blue lamp blinks"

    @pytest.mark.parametrize("title", ["", "   ", "blue", "\x00\x00\x00\x00\x00"])
    def test_too_little_is_no_search(self, lamp, title):
        assert "appear here as you type" in shown(browser(), SIMILAR, {"title": title})
        assert not Search.objects.exists()

    def test_nothing_like_it_encourages(self, lamp):
        assert "Nothing like this was asked yet" in shown(browser(), SIMILAR, {"title": "quokka zanzibar"})
        assert Search.objects.get().total == 0

    def test_an_unanswered_one_shows_the_question(self, index):
        asked = question(title=TITLE, body="It *hums* too.")
        part = shown(browser(), f"{ASK}candidate/question/{asked.pk}/")
        assert "<em>hums</em>" in part
        assert "Nobody has answered this yet" in part

    def test_an_article_shows_its_summary(self, index):
        page = article(title="The blue lamp", summary="What its colours mean.")
        index()
        assert "What its colours mean." in shown(browser(), f"{ASK}candidate/article/{page.pk}/")

    def test_who_is_not_recorded_reads_them_all_the_same(self, lamp):
        client = browser(**{"Sec-GPC": "1"})
        part = shown(client, SIMILAR, {"title": TITLE})
        assert "Turn the" in shown(client, addresses(part, "hx-get")[0])
        assert not Search.objects.exists()
        assert not client.cookies

    def test_the_holdout_sees_none_and_is_written_down(self, lamp, monkeypatch):
        hold_out(monkeypatch)
        part = shown(browser(), SIMILAR, {"title": TITLE})
        assert "candidate" not in part
        assert "Nothing like this" not in part
        row = Search.objects.get()
        assert (row.holdout, row.total > 0) == (True, True)

    def test_there_is_a_limit(self, lamp, settings, monkeypatch):
        settings.PORTAL_LIMITS = True
        monkeypatch.setitem(LIMITS, "suggest", (2, 60))
        client = browser()
        assert 429 in {client.get(SIMILAR, {"title": TITLE}).status_code for _each in range(5)}


class TestWhatIsGone:
    def test_a_deleted_question_opens_no_more_though_the_index_still_knows_it(self, lamp):
        client = browser()
        (address,) = addresses(shown(client, SIMILAR, {"title": TITLE}), "hx-get")
        question_delete(user=member(staff=True), question_id=lamp.pk)
        assert client.get(address).status_code == 404
        assert "candidate" not in shown(client, SIMILAR, {"title": TITLE})
        for method in (client.get, client.post):
            assert method(f"{ASK}answered/question/{lamp.pk}/").status_code == 404
        assert Search.objects.get().opened_count == 0

    def test_a_deleted_answer_gives_way_to_the_next(self, lamp):
        answer_delete(user=member(staff=True), answer_id=lamp.answers.get(body__contains="screw").pk)
        part = shown(browser(), f"{ASK}candidate/question/{lamp.pk}/")
        assert "screw" not in part
        assert "The popular way." in part

    @pytest.mark.parametrize(
        "what",
        ["question/0", "question/999999", "question/x", "member/1", "nothing/1", "question/%00", "article/1;",
         "question/" + "9" * 30],
    )  # fmt: skip
    def test_what_never_was_is_not_found(self, lamp, what):
        for act in ("candidate", "answered"):
            assert browser().get(f"{ASK}{act}/{what}/").status_code == 404


class TestAnswered:
    def test_it_ends_happily_and_is_counted(self, lamp):
        client = browser()
        part = shown(client, SIMILAR, {"title": TITLE})
        (address,) = addresses(part, "formaction")
        led = client.post(address)
        assert led.status_code == 302
        page = shown(client, led["Location"])
        assert "Glad you found it" in page
        assert f"{lamp.get_absolute_url()}#answers" in page
        row = Search.objects.get()
        assert (row.opened_count, row.answered_at is not None) == (1, True)
        assert row.openings.get().answered

    def test_a_member_may_come_back_to_all_she_typed(self, lamp):
        client = browser(member())
        led = client.post(f"{ASK}answered/question/{lamp.pk}/", TEXT)
        assert "as I typed it" in unescape(client.get(led["Location"]).content.decode())
        page = shown(client, ASK)
        assert TITLE in page
        assert TEXT["body"] in page

    @pytest.mark.parametrize("mark", ["", "x", "forged:mark:here"])
    def test_without_the_mark_of_a_search_nothing_is_counted(self, lamp, mark):
        shown(browser(), SIMILAR, {"title": TITLE})
        assert browser().post(f"{ASK}answered/question/{lamp.pk}/?from={mark}").status_code == 302
        assert Search.objects.get().answered_at is None

    def test_nor_with_the_mark_of_another_result(self, lamp):
        client, other = browser(), question()
        (address,) = addresses(shown(client, SIMILAR, {"title": TITLE}), "formaction")
        client.post(address.replace(f"/{lamp.pk}/", f"/{other.pk}/"))
        assert Search.objects.get().answered_at is None

    def test_another_sites_page_counts_nothing_and_changes_no_draft(self, lamp):
        user = member()
        client = browser(user)
        offered = addresses(shown(client, SIMILAR, {"title": TITLE}), "formaction")
        (address,) = [each for each in offered if "/answered/" in each]
        browser(user, **{"Sec-Fetch-Site": "cross-site"}).post(address, TEXT)
        client.post(address, TEXT, headers={"Origin": "https://evil.example"})
        assert Search.objects.get().answered_at is None
        assert TEXT["body"] not in shown(client, ASK)

    def test_staff_are_counted_apart(self, lamp):
        client = browser(member(staff=True))
        client.post(addresses(shown(client, SIMILAR, {"title": TITLE}), "formaction")[0])
        assert Search.objects.get().excluded == "staff"


class TestWithoutScript:
    def test_a_stranger_reads_before_she_signs_in(self, lamp):
        client = browser()
        assert "Say it in one sentence" in shown(client, BEGIN)
        assert not client.cookies
        page = shown(client, BEGIN, {"title": TITLE})
        assert "Turn the <strong>small</strong> screw." in page
        assert "csrf" not in page
        led = client.get(ASK, {"title": TITLE, "declined": re.findall(r'name="declined" value="([^"]+)"', page)[0]})
        assert led["Location"].startswith("/en/account/login/?next=/en/questions/ask/")
        member("nina", password="Kestrel-lantern-47")
        back = client.post(led["Location"], {"login": "nina", "password": "Kestrel-lantern-47"})
        form = shown(client, back["Location"])
        assert f'value="{TITLE}"' in form
        assert "Then tell us more below" in form
        assert Search.objects.get().declined_at is not None

    def test_a_member_looks_and_everything_stays_in_the_form(self, lamp):
        client = browser(member())
        page = shown(client, ASK, TEXT | {"look": "1", "once": "tok"}, post=True)
        assert "Turn the <strong>small</strong> screw." in page
        assert TEXT["body"] in page
        assert fields(page)["once"] == "tok"
        assert Question.objects.count() == 1

    def test_none_of_these_carries_all_of_it_on(self, lamp):
        client = browser(member())
        page = shown(client, ASK, TEXT | {"look": "1"}, post=True)
        (mark,) = re.findall(r'name="none" value="([^"]+)"', page)
        page = shown(client, ASK, TEXT | {"none": mark}, post=True)
        assert TEXT["body"] in page
        assert TITLE in page
        assert "candidate-name" not in page
        assert fields(page)["declined"] == mark
        assert Search.objects.get().declined_at is not None
        assert client.post(ASK, TEXT | fields(page)).status_code == 302

    def test_a_title_in_the_address_brings_candidates_at_once(self, lamp):
        assert "Turn the" in shown(browser(member()), ASK, {"title": "blue lamp blinks"})

    def test_the_holdout_goes_straight_to_the_form(self, lamp, monkeypatch):
        hold_out(monkeypatch)
        led = browser().get(BEGIN, {"title": TITLE})
        assert led["Location"].startswith(ASK)
        assert "candidate-name" not in shown(browser(member()), ASK, TEXT | {"look": "1"}, post=True)

    def test_the_part_said_by_a_script_does_the_same(self, lamp):
        client = browser(member())
        mark = fields(shown(client, SIMILAR, {"title": TITLE}))["search"]
        part = shown(client, f"{ASK}none/", {"none": mark}, post=True)
        assert fields(part) == {"declined": mark}
        assert Search.objects.get().declined_at is not None

    def test_saying_so_needs_the_forms_token(self, lamp):
        strict = Client(enforce_csrf_checks=True, headers={"User-Agent": BROWSER})
        assert strict.post(f"{ASK}none/", {"none": "x"}).status_code == 403


class TestShownAgain:
    def test_what_was_asked_before_is_shown_once_more_and_then_posted(self, lamp):
        client = browser(member())
        page = shown(client, ASK, TEXT | {"once": "tok"}, post=True)
        assert Question.objects.count() == 1
        assert "was this asked before?" in page
        assert "Turn the" in page
        assert TEXT["body"] in page
        assert fields(page)["once"] == "tok"
        posted = client.post(ASK, TEXT | fields(page))
        assert posted.status_code == 302
        assert Question.objects.count() == 2
        assert client.post(ASK, TEXT | fields(page))["Location"] == posted["Location"]
        assert Question.objects.count() == 2

    def test_the_same_in_other_words_of_the_title_too(self, lamp):
        page = shown(browser(member()), ASK, TEXT | {"title": "The blue lamp is blinking, why?"}, post=True)
        assert "was this asked before?" in page

    @pytest.mark.parametrize(
        "title", ["How do I dim the blue lamp in the hall?", "Lamp", "Why is the green lamp dark?"]
    )
    def test_what_is_only_near_holds_nobody_up(self, lamp, title):
        client = browser(member())
        assert client.post(ASK, TEXT | {"title": title + " xx"}).status_code == 302

    def test_who_said_none_of_these_is_not_asked_again(self, lamp):
        assert browser(member()).post(ASK, TEXT | {"declined": "1"}).status_code == 302

    def test_nor_is_the_holdout(self, lamp, monkeypatch):
        client = browser(member())
        shown(client, SIMILAR, {"title": TITLE})
        hold_out(monkeypatch)
        assert client.post(ASK, TEXT).status_code == 302

    def test_nor_anybody_while_the_search_is_away(self, lamp, settings, tmp_path):
        from search.engines import forget_engines

        settings.SEARCH = {**settings.SEARCH, "EMBEDDED_PATH": tmp_path / "gone"}
        forget_engines()
        assert browser(member()).post(ASK, TEXT).status_code == 302

    def test_errors_come_first(self, lamp):
        client = browser(member())
        assert client.post(ASK, TEXT | {"body": ""}).status_code == 422

    @pytest.mark.parametrize(
        ("language", "first", "again"),
        [
            ("ru", "Почему мигает синяя лампа?", "почему мигают синие лампы"),
            ("ja", "青いランプが点滅するのはなぜですか", "青いランプが点滅するのはなぜ？"),
            ("ar", "لماذا يومض المصباح الأزرق؟", "لماذا يومض المصباح الازرق"),
        ],
    )
    def test_in_every_language(self, index, language, first, again):
        question(title=first, language=language)
        index()
        client = browser(member(language=language))
        page = shown(client, f"/{language}/questions/ask/", TEXT | {"title": again, "language": language}, post=True)
        assert first in page
        assert "candidate-name" in page


class TestAskedAfterwards:
    def test_the_question_is_noted_at_the_searches_before_it(self, lamp):
        client = browser(member())
        page = shown(client, SIMILAR, {"title": "quokka in the kitchen"})
        client.post(ASK, TEXT | {"title": "Where does the quokka sleep?"} | fields(page))
        row = Search.objects.get()
        assert row.text == "Where does the quokka sleep?"  # the title's last words
        assert row.question_id == Question.objects.latest("pk").pk

    def test_a_question_that_is_refused_is_not(self, lamp):
        client = browser(member())
        shown(client, SIMILAR, {"title": "quokka in the kitchen"})
        client.post(ASK, TEXT | {"title": "Where does the quokka sleep?", "body": "<b></b>"})
        assert not Search.objects.exclude(question_id=None).exists()

    @pytest.mark.parametrize("mark", ["x", "1", "a:b:c", "\x00", "é" * 400])
    def test_odd_marks_change_nothing(self, lamp, mark):
        odd = {"title": f"Where does the quokka sleep {mark[:3]}?", "declined": mark, "search": mark}
        assert browser(member()).post(ASK, TEXT | odd).status_code in (302, 422)


def test_the_page_is_built_in_twenty_queries(lamp, django_assert_max_num_queries):
    for number in range(4):
        accept(answer(question(title=f"Why does the blue lamp blink {number}?")))
    client = browser(member())
    client.get(ASK)
    with django_assert_max_num_queries(20):
        client.post(ASK, TEXT | {"look": "1"})
    with django_assert_max_num_queries(20):
        client.get(SIMILAR, {"title": TITLE})
