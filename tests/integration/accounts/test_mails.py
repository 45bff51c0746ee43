"""The mails of signing up, as a mail server receives them."""

import email
import re
import socket
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from portal.accounts.models import User

pytestmark = pytest.mark.django_db


class Kept(Message):
    """Keeps what arrives."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def handle_message(self, message):
        self.messages.append(email.message_from_bytes(message.as_bytes(), policy=default))


@pytest.fixture
def post_office(settings):
    """A real SMTP server on a free port of this machine; the portal sends to it."""
    kept = Kept()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.ACCOUNT_RATE_LIMITS = False
    yield kept.messages
    controller.stop()


@pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
def test_joining_through_a_real_mail_server(client, post_office, language):
    fields = {"email": "noor@example.org", "username": "نور", "password1": "seven quiet lanterns"}
    client.post(f"/{language}/account/signup/", {**fields, "next": f"/{language}/questions/?tab=active"})
    (message,) = post_office
    assert message["To"] == "noor@example.org" and "Hiroba" in message["From"]
    assert "Hiroba" in message["Subject"] and "example.com" not in message.as_string()
    body = message.get_content()
    assert "نور" in body and "&" not in body.replace("&next", ""), "plain text is not escaped"
    assert max(len(line) for line in body.splitlines()) < 500
    path = re.search(rf"http://testserver(/{language}/account/confirm-email/\S+)", body).group(1)
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', client.get(path).text).group(1)
    target = re.search(r'name="next" value="([^"]+)"', client.get(path).text).group(1)
    response = client.post(action, {"next": target})
    assert response["Location"] == f"/{language}/questions/?tab=active"
    assert User.objects.get().language == language
    assert client.get(f"/{language}/account/settings/").status_code == 200


def test_a_mail_server_that_is_down_does_not_show_a_stranger_the_inside(client, settings, post_office):
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    fields = {"email": "noor@example.org", "username": "noor", "password1": "seven quiet lanterns"}
    response = client.post("/en/account/signup/", fields)
    assert response.status_code == 503
    assert "could not be sent" in response.text and "refused" not in response.text
    settings.EMAIL_PORT = working
    client.post("/en/account/login/", {"login": "noor", "password": "seven quiet lanterns"})
    assert [message["To"] for message in post_office] == ["noor@example.org"], "nothing is lost"
