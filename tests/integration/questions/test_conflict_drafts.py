"""What is chosen and written on the page of a conflict is kept like any form, and goes on where it was left."""

import json

import pytest
from hypothesis import given as with_values
from hypothesis import strategies as st

from portal.questions.models import Answer, Draft, Question
from portal.questions.services.questions import question_edit
from portal.questions.views.conflicts import _chosen
from tests.factories.accounts import member
from tests.factories.questions import question

from .scene import signed_in
from .test_edit_conflicts import CLASH, MINE, by_staff, given, hidden, seen

__all__ = ["given"]
pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def met(given):
    """An edit that met another one: the answer, the browser, the edit's address, the form of the conflict."""
    made, client, address = given
    by_staff(made, CLASH)
    page = client.post(address, {"body": MINE, "version": "1", "note": "Clearer.", "once": "t"})
    return made, client, address, hidden(page) | {"note": "Clearer."}


def kept(client, made, form, **more):
    """Saves the form as the script does; returns what is told."""
    sent = form | {"once": "t", "draft_version": str(Draft.objects.get().version)} | more
    return client.post(f"/en/account/drafts/answer-edit-{made.pk}/", sent, headers=JSON)


def conflicts(page):
    """Returns the name of the only passage that needs a choice."""
    return page.content.decode().split('id="passage-')[1].split('"')[0]


def test_the_form_names_its_place_for_the_script(given):
    made, client, address = given
    by_staff(made, CLASH)
    page = client.post(address, {"body": MINE, "version": "1", "once": "t"})
    assert f'data-draft-place="answer-edit-{made.pk}"' in page.content.decode()
    assert "js/drafts.js" in page.content.decode()


def test_what_was_chosen_and_written_is_there_again(met):
    made, client, address, form = met
    name = conflicts(client.get(f"{address}?draft=answer-edit-{made.pk}"))
    told = kept(client, made, form, **{f"pick-{name}": "edit", f"own-{name}": "Draw the torn sheet out.\n"})
    assert told.status_code == 200
    draft = Draft.objects.get()
    assert (draft.fields["body"], draft.fields["version"], draft.fields["note"]) == (MINE, "1", "Clearer.")
    page = client.get(f"{address}?draft=answer-edit-{made.pk}")
    assert 'value="edit" required checked' in page.content.decode()
    assert "Draw the torn sheet out." in seen(page)
    assert "Clearer." in seen(page)
    again = hidden(page) | {f"pick-{name}": "edit", f"own-{name}": "Draw the torn sheet out.\n"}
    assert client.post(address, again).status_code == 302
    assert "Draw the torn sheet out." in Answer.objects.get(pk=made.pk).body
    assert not Draft.objects.exists()


def test_the_whole_text_as_it_was_rewritten_is_there_again_and_open(met):
    made, client, address, form = met
    kept(client, made, form, body="All of it anew.\r\nIn two lines.")
    page = client.get(f"{address}?draft=answer-edit-{made.pk}")
    assert "All of it anew.\nIn two lines." in seen(page)
    assert '<details class="merge-whole" open>' in page.content.decode()


def test_a_third_edit_meets_the_text_as_chosen_so_far(met):
    made, client, address, form = met
    name = conflicts(client.get(f"{address}?draft=answer-edit-{made.pk}"))
    kept(client, made, form, **{f"pick-{name}": "edit", f"own-{name}": "Draw the torn sheet out.\n"})
    by_staff(made, CLASH.replace("Pull the sheet out.", "Pull the sheet out slowly."))
    page = client.get(f"{address}?draft=answer-edit-{made.pk}")
    for words in ("Draw the torn sheet out.", "Pull the sheet out slowly.", "Turn it on and wait."):
        assert words in seen(page)
    assert hidden(page)["base"] == "2"


def test_an_outsider_keeps_nothing_in_it(met):
    made, _client, _address, form = met
    for reader, status in ((None, 401), (member(), 200)):
        told = kept(signed_in(reader), made, form)
        assert told.status_code in (status, 412)
    assert Draft.objects.get(owner=made.author).fields["body"] == MINE
    page = signed_in(member()).get(f"/en/questions/answers/{made.pk}/edit/?draft=answer-edit-{made.pk}")
    assert page.status_code == 403


@pytest.mark.parametrize("choices", ["", "no json", "[]", '{"version": 3}', '{"pick-0": ["x"]}', "null"])
def test_choices_that_are_none_are_none(met, choices):
    made, client, address, _form = met
    draft = Draft.objects.get()
    draft.fields = {**draft.fields, "choices": choices}
    draft.save()
    page = client.get(f"{address}?draft=answer-edit-{made.pk}")
    assert page.status_code == 200
    assert "Take the torn sheet out." in seen(page)


@with_values(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4))
def test_any_choices_are_read_back(found):
    given = _chosen(json.dumps(found))
    assert {name: given.get(name) for name in found} == found
    assert "version" in given


def test_a_questions_title_topics_and_language_are_kept_too():
    asker = member()
    asked = question(asker, title="Why does it beep?")
    client, address = signed_in(asker), f"/en/questions/{asked.pk}/edit/"
    question_edit(user=member(staff=True), question_id=asked.pk, version=1, title="Why does it beep twice?")
    sent = {"title": "Why does it beep at night?", "body": asked.body, "language": "en", "version": "1", "once": "t"}
    form = hidden(client.post(address, sent))
    form |= {"once": "t", "pick-title": "mine", "draft_version": "1"}
    told = client.post(f"/en/account/drafts/question-edit-{asked.pk}/", form, headers=JSON)
    assert told.status_code == 200
    page = client.get(f"{address}?draft=question-edit-{asked.pk}")
    assert 'value="mine" required checked' in page.content.decode()
    assert client.post(address, hidden(page) | {"pick-title": "mine"}).status_code == 302
    assert Question.objects.get(pk=asked.pk).title == "Why does it beep at night?"
