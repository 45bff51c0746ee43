"""A misspelt query on the results page and on the API: what was meant is found, said quietly, and can be refused."""

import re
from html import unescape

import pytest
from django.test import Client

from portal.questions.services.questions import question_delete
from tests.factories.questions import question

MESSAGE = re.compile(r'<p class="did-you-mean">(.*?)</p>', re.DOTALL)


def searched(**asked):
    """Returns the results page for these parameters."""
    reply = Client().get("/en/search/", asked)
    assert reply.status_code == 200
    return reply.content.decode()


def message(text):
    """Returns the words about spelling, and the address and words of each link in them; None where there are none."""
    found = MESSAGE.search(text)
    if found is None:
        return None
    links = [(unescape(href), unescape(words)) for href, words in re.findall(r'href="([^"]*)"[^>]*>([^<]*)<', found[1])]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split()), links


@pytest.fixture
def scanners(index):
    """Three questions, one about a scanner."""
    question(title="The scanner refuses paper", body="It says E52.")
    question(title="Sharing a folder", body="Colleagues cannot open it.")
    question(title="Не работает сканер", body="Лампа не горит.", language="ru")
    index()


def test_what_was_meant_is_found_and_said(scanners):
    text = searched(q="Scaner paper!")
    assert "The <mark>scanner</mark> refuses <mark>paper</mark>" in text
    words, links = message(text)
    assert words == "Showing results also for Scanner paper!. Search only for Scaner paper!"
    assert links == [("?q=Scanner+paper%21", "Scanner paper!"), ("?q=Scaner+paper%21&exact=1", "Scaner paper!")]


def test_only_what_was_typed_is_one_link_away(scanners):
    text = searched(q="scaner", exact="1")
    assert "refuses" not in text
    assert message(text) == ("Did you mean scanner?", [("?q=scanner", "scanner")])


def test_a_new_search_is_not_literal_any_more(scanners):
    text = searched(q="scaner", exact="1")
    form = text[text.index('<form class="stack" role="search"') :]
    assert 'name="exact"' not in form[: form.index("</form>")]


@pytest.mark.parametrize("asked", [{"q": "scanner"}, {"q": "xylophone"}, {"q": ""}, {"q": "scaner", "language": "ja"}])
def test_nothing_is_said_without_need(scanners, asked):
    assert message(searched(**asked)) is None


def test_filters_stay_when_a_correction_is_followed(scanners):
    _, links = message(searched(q="scaner", type="question", page="1"))
    assert links[0][0] == "?q=scanner&type=question"


@pytest.mark.parametrize(
    ("typed", "title", "meant"),
    [
        ("crfyth", "Не работает сканер", "сканер"),
        ("ысфттук", "The scanner refuses paper", "scanner"),
        ("crfythjv", "Не работает сканер", "сканером"),
        ("yt hf,jnftn crfyth", "Не работает сканер", "не работает сканер"),
    ],
)
def test_another_keyboard_layout(scanners, typed, title, meant):
    text = searched(q=typed)
    assert title in re.sub(r"</?mark>", "", text)
    assert message(text)[1][0][1] == meant


def test_markup_in_a_misspelt_query_is_text(scanners):
    text = searched(q="scaner <script>alert(1)</script>")
    assert "<script>alert" not in text
    assert message(text)[1][0][1].startswith("scanner <script>")


def test_a_word_of_a_deleted_question_is_never_offered(index):
    hidden = question(title="Prototype of the secret gadget", body="Hidden.")
    question(title="Another thing", body="In plain sight.")
    index()
    assert message(searched(q="prototipe")) is not None
    question_delete(user=hidden.author, question_id=hidden.pk)
    index()
    assert message(searched(q="prototipe")) is None
    assert "prototype" not in searched(q="prototipe")


def test_the_api_tells_both(scanners):
    told = Client().get("/api/v1/search", {"q": "scaner"}).json()
    assert [row["title"] for row in told["results"]] == ["The scanner refuses paper"]
    assert (told["corrected"], told["did_you_mean"]) == ("scanner", "scanner")
    told = Client().get("/api/v1/search", {"q": "scaner", "exact": "true"}).json()
    assert (told["results"], told["corrected"], told["did_you_mean"]) == ([], None, "scanner")
    told = Client().get("/api/v1/search", {"q": "scanner"}).json()
    assert (told["corrected"], told["did_you_mean"]) == (None, None)
