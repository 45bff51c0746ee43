"""What is filed under a topic counts under the wider ones too, alike on both engines."""

from typing import Any

import pytest

from portal.core.models import Topic
from portal.curation.services.topics import topic_moved
from portal.discovery.selectors import search_run
from portal.questions.services.questions import question_delete
from search.documents import SearchRequest
from search.indexing import drain
from tests.factories.events import committed
from tests.factories.questions import question, topic

pytestmark = pytest.mark.django_db


def counted(name: str, **asked: Any) -> dict[str, int]:
    """Returns the counts of a facet for a search among questions."""
    page = search_run(user=None, request=SearchRequest(text="cable", types=("question",), **asked))
    assert not page.degraded
    return dict(page.facets[name])


def test_parents_count_what_their_children_hold_once_and_a_move_moves_it(engine: str) -> None:
    devices = topic("Devices", product=True)
    battery = topic("Battery", parent=devices)
    charger, winter = topic("Charger", parent=battery), topic("Winter")
    both = question(title="A cable for both", topics=("charger", "battery"))
    question(title="A cable of the charger", topics=("charger",))
    question(title="A cable in the snow", topics=("winter",))
    drain()
    assert counted("topic") == {"battery": 2, "charger": 2, "winter": 1}
    assert counted("product") == {"devices": 2}
    assert counted("topic", topics=("winter",)) == {"battery": 2, "charger": 2, "winter": 1}, "other choices stay"
    found = search_run(user=None, request=SearchRequest(text="cable topic:devices", types=("question",)))
    assert found.total == 2

    Topic.objects.filter(pk=charger.pk).update(parent=winter)
    topic_moved(topic=Topic.objects.get(pk=charger.pk))
    drain()
    assert counted("topic") == {"winter": 3, "charger": 2, "battery": 1}
    assert counted("product") == {"devices": 1}

    with committed():
        question_delete(user=both.author, question_id=both.pk)
    drain()
    assert counted("topic") == {"winter": 2, "charger": 1}
    assert counted("product") == {}
