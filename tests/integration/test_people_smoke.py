import pytest
from django.test import Client

from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic, vote

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages(language, client: Client):
    topic("Printing", ru="Печать")
    given = answer(question(topics=("printing",)), member("helper", staff=True))
    vote(given)
    accept(given)
    client.force_login(member("me"))
    for path in [
        "members/",
        "members/helper/",
        "members/helper/?tab=answers",
        "members/helper/?tab=questions",
        "members/helper/?tab=reputation",
        "experts/",
        "experts/?topic=printing&language=en",
        "badges/",
        "account/profile/",
        "account/settings/",
        "account/tokens/",
        "topics/",
        "topics/printing/",
        "members/?q=zzz",
    ]:
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200, path
        assert "helper" in response.text or "me" in response.text
    given.author.refresh_from_db()
    assert given.author.reputation == 25
    assert client.get("/avatars/helper.svg").status_code == 200
