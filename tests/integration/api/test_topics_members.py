"""Topics, members and who I am."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.experts.services.badges import badges_award_all
from portal.experts.services.profiles import profile_update
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


class TestTopics:
    """GET /topics."""

    def test_a_stranger_sees_names_parents_and_counts(self, stranger: Caller) -> None:
        devices = topic("Devices", ru="Устройства", ja="機器")
        topic("Printing", parent=devices, ru="Печать")
        question(topics=("printing", "devices"))
        question(topics=("printing",))
        rows = {row["slug"]: row for row in stranger.get("topics").json()["results"]}
        assert rows["printing"]["parent"] == "devices"
        assert rows["devices"]["parent"] is None
        assert (rows["printing"]["questions_count"], rows["devices"]["questions_count"]) == (2, 1)
        assert rows["devices"]["names"] == {"ru": "Устройства", "ja": "機器"}
        assert rows["printing"]["url"] == "http://testserver/en/topics/printing/"

    def test_names_are_in_the_language_asked_for(self, stranger: Caller) -> None:
        topic("Printing", ru="Печать", ja="印刷")

        def name(path: str, **headers: str) -> str:
            return str(stranger.get(path, **headers).json()["results"][0]["name"])

        assert name("topics") == "Printing"
        assert name("topics", Accept_Language="ja") == "印刷"
        assert name("topics?language=ru", Accept_Language="ja") == "Печать"
        assert name("topics?language=ar") == "Printing"
        assert name("topics?language=tlh", Accept_Language="ja") == "印刷"

    def test_what_is_deleted_is_not_counted(self, stranger: Caller) -> None:
        topic("Printing")
        asked = question(topics=("printing",))
        question_delete(user=asked.author, question_id=asked.pk)
        assert stranger.get("topics").json()["results"][0]["questions_count"] == 0

    def test_many_take_few_queries_and_are_paged(self, stranger: Caller) -> None:
        for number in range(30):
            topic(f"Topic {number}", ru=f"Тема {number}")
        with CaptureQueriesContext(connection) as taken:
            assert len(stranger.get("topics").json()["results"]) == 30
        assert len(taken) <= 3
        walked = [row["slug"] for row in stranger.walk("topics?limit=7")]
        assert len(walked) == len(set(walked)) == 30


class TestMembers:
    """GET /members/{username} and /me."""

    FIELDS = {"username", "display_name", "url", "reputation", "languages", "topics", "badges", "is_staff", "joined"}

    def test_a_stranger_sees_the_public_side_only(self, stranger: Caller) -> None:
        member("anna", email="anna.private@example.org", display_name="Anna Bell", reads=("ru",))
        response = stranger.get("members/anna")
        told = response.json()
        assert told.keys() >= self.FIELDS
        assert told["display_name"] == "Anna Bell"
        assert told["url"] == "http://testserver/en/members/anna/"
        assert told["is_staff"] is False
        assert "ru" in told["languages"]
        assert b"example.org" not in response.content
        assert not told.keys() & {"email", "password", "last_login", "is_superuser", "first_name", "id"}

    def test_standing_badges_and_profile_are_told(self, stranger: Caller) -> None:
        anna = member("anna", language="ja")
        topic("Printing")
        profile_update(
            user=anna, bio="I like *ink*.", company="Kumo Press", role="Printer", location="", website="",
            languages={"ja": "native", "ru": "reads"}, topics=["printing"],
        )  # fmt: skip
        accept(answer(question(topics=("printing",)), anna))
        badges_award_all()
        told = stranger.get("members/anna").json()
        assert told["topics"] == ["printing"]
        assert told["reputation"] > 0
        assert (told["answers_count"], told["accepted_count"], told["questions_count"]) == (1, 1, 0)
        assert told["badges"]
        assert {"slug", "name", "tier"} <= told["badges"][0].keys()
        assert told["company"] == "Kumo Press"
        assert "<em>ink</em>" in told["bio_html"]
        assert told["languages"] == ["ja", "ru"]

    def test_staff_are_marked(self, stranger: Caller) -> None:
        member("sora", staff=True)
        assert stranger.get("members/sora").json()["is_staff"] is True

    @pytest.mark.parametrize("name", ["nobody", "anna@example.org", "a" * 3_000, "ан на", "Anna'--", "..", "%2e%2e"])
    def test_nobody_of_that_name_is_404(self, stranger: Caller, name: str) -> None:
        problem_of(stranger.get(f"members/{name}"), 404)

    def test_a_closed_account_is_nobody(self, stranger: Caller) -> None:
        anna = member("anna")
        User.objects.filter(pk=anna.pk).update(is_active=False)
        problem_of(stranger.get("members/anna"), 404)

    def test_names_of_any_script_are_found(self, stranger: Caller) -> None:
        member("анна", email="a@example.org")
        told = stranger.get("members/анна").json()
        assert told["username"] == "анна"
        assert told["url"].isascii()

    def test_me_is_my_own_with_my_address(self) -> None:
        anna = member("anna", email="anna@example.org", language="ja")
        told = Caller(anna).get("me").json()
        assert told.keys() >= self.FIELDS | {"email", "language"}
        assert (told["username"], told["email"], told["language"]) == ("anna", "anna@example.org", "ja")

    def test_me_is_for_members(self, stranger: Caller) -> None:
        problem_of(stranger.get("me"), 401)
