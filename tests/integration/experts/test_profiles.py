"""Members' pages: what others see of a person, and what nobody may see."""

import pytest
from django.contrib.auth import get_user_model

from portal.accounts.models import User
from portal.core.errors import Invalid, SignInNeeded
from portal.experts.models import BadgeAward, Profile, ReputationEntry
from portal.experts.selectors.profiles import languages_of, profile_shown
from portal.experts.services.profiles import profile_of, profile_update, profiles_create_many
from portal.questions.services.answers import answer_delete
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.experts import brought_along, profile, source
from tests.factories.questions import accept, answer, question, topic, vote

pytestmark = pytest.mark.django_db

TABS = ["", "?tab=answers", "?tab=questions", "?tab=reputation"]
EMPTY = {"bio": "", "company": "", "role": "", "location": "", "website": "", "languages": {}, "topics": ()}


@pytest.fixture
def mira():
    return member("mira", display_name="Mira Satō")


# What an outsider must not see


@pytest.mark.parametrize("tab", TABS)
def test_nothing_of_a_deleted_question_is_on_its_authors_or_helpers_page(client, mira, tab):
    helper, staff = member("helper"), member(staff=True)
    asked = question(mira, title="The zanzibar matter of the tray")
    given = answer(asked, helper, body="The zanzibar remedy")
    vote(asked)
    vote(given)
    accept(given)
    for name in ("mira", "helper"):
        assert "zanzibar" in client.get(f"/en/members/{name}/?tab={'questions' if name == 'mira' else 'answers'}").text
    with committed():
        question_delete(user=staff, question_id=asked.pk)
    for name in ("mira", "helper"):
        assert "zanzibar" not in client.get(f"/en/members/{name}/{tab}").text
    counts = client.get("/en/members/mira/").context["counts"]
    assert (counts.questions, counts.answers, counts.accepted) == (0, 0, 0)
    assert client.get("/en/members/helper/").context["counts"].answers == 0


@pytest.mark.parametrize("tab", TABS)
def test_nothing_of_a_deleted_answer_is_on_its_authors_page(client, mira, tab):
    given = answer(question(title="The open matter"), mira, body="The zanzibar remedy")
    vote(given)
    with committed():
        answer_delete(user=mira, answer_id=given.pk)
    page = client.get(f"/en/members/mira/{tab}").text
    assert "zanzibar" not in page and "The open matter" not in page


def test_the_ledger_hides_what_its_posts_hide_even_before_it_is_brought_up_to_date(client, mira):
    given = answer(question(title="The zanzibar matter"), mira)
    vote(given)
    type(given).objects.filter(pk=given.pk).update(deleted_at=given.created_at)
    assert ReputationEntry.objects.filter(user=mira).exists()
    assert "zanzibar" not in client.get("/en/members/mira/?tab=reputation").text


def test_the_ledger_never_tells_who_voted(client, mira):
    vote(answer(question(), mira), member("a-secret-voter"))
    for tab in TABS:
        assert "a-secret-voter" not in client.get(f"/en/members/mira/{tab}").text


@pytest.mark.parametrize("tab", TABS)
def test_an_address_is_on_no_page(client, mira, tab):
    assert "mira@example.org" not in client.get(f"/en/members/mira/{tab}").text
    client.force_login(mira)
    assert "mira@example.org" not in client.get(f"/en/members/mira/{tab}").text


@pytest.mark.parametrize("name", ["nobody", "Mira", "mira%00", "mira/x", "%F0%9F%92%A9", "x" * 300])
def test_who_is_not_there(client, mira, name):
    assert client.get(f"/en/members/{name}/").status_code == 404


def test_a_closed_account_has_no_page_and_is_in_no_list(client, mira):
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert client.get("/en/members/mira/").status_code == 404
    assert "Mira" not in client.get("/en/members/").text


@pytest.mark.parametrize("tab", ["nothing", "articles", "<script>", "About"])
def test_a_part_that_is_not_there(client, mira, tab):
    assert client.get("/en/members/mira/", {"tab": tab}).status_code == 404


# What is shown


def test_a_user_that_a_script_made_is_a_full_member(client):
    made = get_user_model().objects.create_user(username="scripted", email="s@example.org", password="x y z 1 2 3")
    assert client.get("/en/members/scripted/").status_code == 200
    assert "scripted" in client.get("/en/members/").text
    assert not Profile.objects.exists(), "reading writes nothing"
    assert profile_shown(made).pk == made.pk and profile_of(made) == profile_of(made)
    assert Profile.objects.count() == 1


def test_the_first_view_of_a_person(client, mira):
    User.objects.filter(pk=mira.pk).update(is_staff=True)
    topic("Labels", ar="ملصقات")
    profile(
        mira,
        bio="I mend **printers**.",
        role="Technician",
        company="Kumo Works",
        location="Ōsaka",
        website="https://kumo.example/",
        languages={"ja": "native", "en": "fluent"},
        topics=("labels",),
    )
    page = client.get("/en/members/mira/").text
    shown = ("Mira Satō", "<bdi>Technician</bdi>, <bdi>Kumo Works</bdi>", "Ōsaka", "日本語", "English", "Labels")
    for words in (*shown, "Verified staff"):
        assert words in page, words
    assert "<strong>printers</strong>" in page
    assert 'href="https://kumo.example/" rel="nofollow ugc noopener"' in page
    assert "ملصقات" in client.get("/ar/members/mira/").text
    assert 'dir="rtl"' in client.get("/ar/members/mira/").text


def test_each_tab_shows_what_it_says(client, mira):
    asked = question(mira, title="Where does the paper go?")
    given = answer(question(title="Who turns the page?"), mira, body="A **rubber** wheel does.")
    vote(asked)
    vote(given)
    accept(given)
    brought_along(mira, 300)
    BadgeAward.objects.create(user=mira, name="Great Answer", tier="gold", source=source(), source_key="9")
    about = client.get("/en/members/mira/").text
    assert "Who turns the page?" in about and "First answer" in about and "Great Answer" in about
    answers = client.get("/en/members/mira/?tab=answers").text
    assert "A rubber wheel does." in answers and f"#answer-{given.pk}" in answers and "Accepted" in answers
    assert "Where does the paper go?" in client.get("/en/members/mira/?tab=questions").text
    earned = client.get("/en/members/mira/?tab=reputation").text
    for words in ("+300", "+15", "+10", "+5", "Answer accepted", "earlier community", "Who turns the page?"):
        assert words in earned, words
    assert ">330<" in earned


@pytest.mark.parametrize("tab", TABS)
def test_an_empty_page_is_kind(client, mira, tab):
    page = client.get(f"/en/members/mira/{tab}").text
    assert "yet" in page


def test_members_are_found_by_any_part_of_a_name_in_any_script(client):
    for name, shown in (("mira", "Mira Satō"), ("olga", "Ольга Громова"), ("noor", "نور الهدى")):
        member(name, display_name=shown)
    for words, wanted in (("sat", "mira"), ("MIRA", "mira"), ("громова", "olga"), ("ОЛЬГА", "olga"), ("نور", "noor")):
        page = client.get("/en/members/", {"q": words})
        assert [row.username for row in page.context["page"].rows] == [wanted], words
    page = client.get("/en/members/", {"q": "<script>alert(1)</script>"})
    assert "Nobody of that name" in page.text and "<script>alert" not in page.text
    assert client.get("/en/members/", {"q": "a\x00b%_"}).status_code == 200


def test_members_are_paged_without_a_gap_or_a_repeat(client):
    people = {member(f"person-{place:02}").username for place in range(60)}
    for place, user in enumerate(User.objects.order_by("username")[:30]):
        brought_along(user, place % 4)
    for sort in ("reputation", "newest"):
        seen, cursor = [], None
        for _ in range(5):
            page = client.get("/en/members/", {"sort": sort, **({"after": cursor} if cursor else {})}).context["page"]
            seen += [row.username for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 60 and set(seen) == people
    standing = [row.reputation for row in client.get("/en/members/").context["page"].rows]
    assert standing == sorted(standing, reverse=True)


@pytest.mark.parametrize("query", ["sort=karma", "after=%00", "after=W10", "after=xxxx", "after=WyJ4IiwgMV0"])
def test_a_list_asked_for_wrongly(client, query):
    assert client.get(f"/en/members/?{query}").status_code in (400, 404)


def test_nobody_is_here_yet(client):
    page = client.get("/en/members/").text
    assert "Nobody is here yet" in page


# Writing one's own


def test_a_stranger_writes_no_profile(client, mira):
    response = client.post("/en/account/profile/", {"bio": "x"})
    assert response.status_code == 302 and "/en/account/login/?next=" in response["Location"]
    assert not Profile.objects.exists()


def test_there_is_no_way_to_write_anothers(client, mira):
    client.force_login(member("other"))
    client.post("/en/account/profile/", {"bio": "Hello", "user": mira.pk, "username": "mira"})
    assert [row.user.username for row in Profile.objects.all()] == ["other"]
    assert "Edit profile" not in client.get("/en/members/mira/").text
    assert "Edit profile" in client.get("/en/members/other/").text


def test_the_form_keeps_what_was_typed_and_shows_it_again(client, mira):
    topic("Labels", ru="Этикетки")
    client.force_login(mira)
    fields = {
        "display_name": "Мира",
        "role": "Техник",
        "company": "Кумо",
        "bio": "Чиню *всё*.",
        "website": "https://kumo.example",
        "topics": "Этикетки",
        "language_ru": "native",
        "language_ja": "reads",
    }
    response = client.post("/ru/account/profile/", fields)
    assert response.status_code == 302 and response["Location"] == "/ru/members/mira/"
    saved = profile_shown(User.objects.get(pk=mira.pk))
    assert saved.role == "Техник" and "<em>всё</em>" in saved.bio_html
    assert {row.language: row.level for row in saved.languages.all()} == {"ru": "native", "ja": "reads"}
    assert [row.topic.slug for row in saved.topics.all()] == ["labels"]
    form = client.get("/ru/account/profile/").context["form"]
    assert form.initial["topics"] == "Этикетки" and form.initial["language_ja"] == "reads"
    client.post("/ru/account/profile/", {"bio": ""})
    again = profile_shown(User.objects.get(pk=mira.pk))
    assert again.bio_html == "" and not again.languages.exists() and not again.topics.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("website", "javascript:alert(1)"),
        ("website", "ftp://x.example"),
        ("website", "http://[::1"),
        ("website", "kumo"),
        ("bio", "x" * 5001),
        ("topics", "no such topic"),
        ("language_ru", "native-ish"),
        ("role", "x" * 121),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(client, mira, field, value):
    client.force_login(mira)
    response = client.post("/en/account/profile/", {"bio": "Still here", field: value})
    assert response.status_code == 422
    assert "error-summary" in response.text and field in response.context["form"].errors
    assert not Profile.objects.exists()


def test_markdown_cannot_hurt(client, mira):
    profile(
        mira,
        bio="<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![t](https://t.example/p.png)",
    )
    page = client.get("/en/members/mira/").text
    assert "alert(1)</script>" not in page and "onerror" not in page and 'href="javascript' not in page
    assert 'src="https://t.example' not in page


@pytest.mark.parametrize("wrong", [{"languages": {"xx": "native"}}, {"languages": {"en": "so-so"}}, {"bio": "\x00"}])
def test_the_service_refuses_by_itself(mira, wrong):
    with pytest.raises(Invalid):
        profile_update(user=mira, **{**EMPTY, **wrong})
    with pytest.raises(SignInNeeded):
        profile_update(user=None, **EMPTY)


def test_languages_come_from_the_profile_else_from_the_settings(mira):
    assert languages_of(mira, profile_shown(mira)) == ["en"]
    mira.reads = ["ja", "xx"]
    assert languages_of(mira, profile_shown(mira)) == ["ja", "en"]
    profile(mira, languages={"ar": "reads"})
    assert languages_of(mira, profile_shown(mira)) == ["ar"]


def test_an_import_makes_many_and_touches_none_that_is_there(mira):
    profile(mira, role="Technician")
    others = [member() for _ in range(3)]
    rows = [{"user_id": user.pk, "bio_html": "<p>Hi</p>", "location": "Oslo"} for user in [mira, *others]]
    assert profiles_create_many(rows=rows) == 4
    assert profile_shown(mira).role == "Technician" and profile_shown(mira).bio_html == ""
    assert profile_shown(others[0]).location == "Oslo"
