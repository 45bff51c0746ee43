"""What the tests of gaps share: a gap, somebody of the staff, and her browser."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.analytics.models import Gap
from portal.analytics.services.ledger import ledger_update
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.searches import searched


@pytest.fixture
def staff(db: None) -> User:
    return member(staff=True, display_name="Lena Vogt")


@pytest.fixture
def client(staff: User) -> Client:
    """The browser of somebody of the staff."""
    return browser(staff)


@pytest.fixture
def gap(db: None) -> Gap:
    """A gap of six searches that found nothing."""
    searched("reset <b>password</b>", times=6, total=0, days=3)
    ledger_update()
    return Gap.objects.get()
