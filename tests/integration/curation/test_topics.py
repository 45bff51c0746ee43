"""Topics: the tree in the reader's language, what it counts, and what the staff does with it."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import ModelLogEntry

from portal.accounts.services import STAFF_GROUP
from portal.core.models import Topic, TopicName
from portal.core.paging import decode_cursor
from portal.curation.selectors.topics import PAGE_SIZE, lies_below, question_counts, topic_tree, topics_page
from portal.curation.services.topics import topic_forget, topic_names_set, topic_rights_ensure
from portal.questions.models import QuestionTopic
from portal.questions.services.questions import question_delete
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.knowledge import article
from tests.factories.questions import answer, question, topic, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """Printing > Labels > Rolls, and Billing."""
    printing = topic("Printing", ru="Печать", ja="印刷", ar="الطباعة")
    labels = topic("Labels", parent=printing, ru="Этикетки")
    rolls = topic("Rolls", parent=labels)
    return printing, labels, rolls, topic("Billing")


def counts(viewer=None) -> dict[str, int]:
    found = question_counts(viewer)
    return {row.slug: found.get(row.pk, 0) for row in Topic.objects.all()}


# What nobody may see


def test_a_deleted_question_is_in_no_count_and_on_no_page(client, tree):
    staff = member(staff=True)
    kept, gone = question(topics=("rolls",)), question(topics=("rolls",), title="The zanzibar matter")
    assert counts() == {"printing": 2, "labels": 2, "rolls": 2, "billing": 0}
    with committed():
        question_delete(user=staff, question_id=gone.pk)
    assert counts() == counts(staff) == {"printing": 1, "labels": 1, "rolls": 1, "billing": 0}
    for slug in ("printing", "labels", "rolls"):
        for tab in ("newest", "active", "unanswered", "hot"):
            page = client.get(f"/en/topics/{slug}/?tab={tab}").text
            assert "zanzibar" not in page and kept.title in page


@pytest.mark.parametrize("slug", ["no-such", "no%00such", "..", "%E2%80%AE", "x" * 300])
def test_a_topic_that_is_not_there(client, slug):
    assert client.get(f"/en/topics/{slug}/").status_code == 404


# Counting


def test_a_question_counts_once_however_many_topics_of_a_branch_it_has(tree):
    question(topics=("printing", "labels", "rolls"))
    question(topics=("labels", "billing"))
    assert counts() == {"printing": 2, "labels": 2, "rolls": 1, "billing": 1}


def test_a_branch_counts_the_questions_of_all_levels_together(tree):
    for slug in ("printing", "labels", "rolls"):
        question(topics=(slug,))
    assert counts() == {"printing": 3, "labels": 2, "rolls": 1, "billing": 0}


def test_the_count_on_the_page_is_the_length_of_its_list(client, tree):
    for slugs in (("printing",), ("labels", "rolls"), ("rolls",), ("billing",)):
        question(topics=slugs)
    for slug, count in counts().items():
        context = client.get(f"/en/topics/{slug}/").context
        assert context["entry"].questions == len(context["page"].rows) == count


# The tree


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Printing"), ("ru", "Печать"), ("ja", "印刷"), ("ar", "الطباعة")]
)
def test_names_are_those_of_the_page(client, tree, language, name):
    assert name in client.get(f"/{language}/topics/").text
    page = client.get(f"/{language}/topics/printing/").text
    assert f"<bdi>{name}</bdi></h1>" in page


def test_a_topic_without_a_translation_keeps_its_own_name(client, tree):
    assert "Billing" in client.get("/ja/topics/").text


def test_the_tree_has_the_busiest_first_and_children_below_their_parents(tree):
    question(topics=("rolls",))
    question(topics=("billing",))
    question(topics=("billing",))
    top = topic_tree(viewer=None, language="ru")
    assert [entry.name for entry in top] == ["Billing", "Печать"]
    assert [child.name for child in top[1].children] == ["Этикетки"]
    assert [child.name for child in top[1].children[0].children] == ["Rolls"]


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("label", {"labels"}),
        ("ПЕЧ", {"printing"}),
        ("印", {"printing"}),
        ("ROLLS", {"rolls"}),
        ("zz", set()),
        ("%", set()),
    ],
)
def test_topics_are_found_by_a_part_of_a_name_in_any_language(client, tree, words, slugs):
    page = client.get("/en/topics/", {"q": words})
    assert {entry.topic.slug for entry in page.context["page"].rows} == slugs
    if not slugs:
        assert "No topic of that name" in page.text


def test_many_topics_are_paged_without_a_gap_or_a_repeat():
    for place in range(PAGE_SIZE * 2 + 3):
        topic(f"Matter {place:03}")
    question(topics=("matter-007",))
    seen, cursor = [], None
    for _ in range(4):
        page = topics_page(viewer=None, language="en", cursor=cursor)
        seen += [entry.topic.slug for entry in page.rows]
        cursor = page.next
        if cursor is None:
            break
        assert len(decode_cursor(cursor, 2)) == 2
    assert len(seen) == len(set(seen)) == PAGE_SIZE * 2 + 3
    assert seen[0] == "matter-007"


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJ4IiwgMV0", "WzEsIDJd"])
def test_a_broken_cursor_is_refused(client, cursor):
    assert client.get(f"/en/topics/?after={cursor}").status_code == 400


def test_no_topics_yet(client):
    assert "No topics yet" in client.get("/en/topics/").text


def test_the_page_of_a_topic_shows_its_place_and_its_people(client, tree):
    helper = member("helper")
    vote(answer(question(topics=("rolls",)), helper))
    page = client.get("/ru/topics/labels/").text
    for words in ("/ru/topics/printing/", "Печать", "/ru/topics/rolls/", "helper", "/ru/experts/?topic=labels"):
        assert words in page, words
    assert "/ru/questions/ask/?topics=labels" in page


def test_a_topics_articles_are_in_the_language_of_the_page_and_open_to_the_reader(client, tree):
    _printing, _labels, rolls, billing = tree
    article("Rolls without tears", topics=[rolls])
    article("О рулонах", language="ru", topics=[rolls])
    article("About bills", topics=[billing])
    hidden = article("The zanzibar article", topics=[rolls])
    hidden.unpublish()
    page = client.get("/en/topics/printing/").text
    assert "Rolls without tears" in page
    for words in ("О рулонах", "About bills", "zanzibar"):
        assert words not in page
    assert "О рулонах" in client.get("/ru/topics/rolls/").text


def test_an_unknown_tab_is_not_there(client, tree):
    assert client.get("/en/topics/labels/?tab=nothing").status_code == 404


def test_an_empty_topic_is_kind(client, tree):
    assert "No questions here" in client.get("/en/topics/billing/").text


def test_a_ring_is_known(tree):
    printing, labels, rolls, billing = tree
    assert lies_below(rolls, printing) and lies_below(labels, labels) and not lies_below(printing, rolls)
    printing.parent = rolls
    printing.save()
    assert not lies_below(rolls, billing), "and does not turn for ever"


# The staff's side, through Wagtail's admin


@pytest.fixture
def desk(client):
    """A client signed in as a member of the staff, no superuser: the rights come with the group."""
    client.force_login(member(staff=True))
    return client


LIST = "/cms/snippets/core/topic/"


def fields(**more):
    blank = {f"{kind}_{code}": "" for kind in ("name", "description") for code in ("en", "ru", "ja", "ar")}
    return {"name": "", "slug": "", "kind": "topic", "parent": "", "description": "", **blank, **more}


@pytest.mark.parametrize("path", [LIST, f"{LIST}add/"])
def test_strangers_and_members_have_no_desk(client, path):
    assert client.get(path).status_code == 302
    client.force_login(member())
    assert client.get(path, follow=True).redirect_chain, "led away"
    assert b"name_ru" not in client.get(path, follow=True).content


def test_a_topic_is_made_with_its_words_in_every_language(desk, client):
    assert desk.get(LIST).status_code == 200
    page = desk.get(f"{LIST}add/").text
    assert 'name="name_ru"' in page and "Русский" in page
    sent = fields(name="Toner", name_ru="Тонер", description_ru="Всё о тонере", name_ja="トナー")
    response = desk.post(f"{LIST}add/", sent)
    assert response.status_code == 302, response.context["form"].errors
    made = Topic.objects.get()
    assert made.slug == "toner"
    assert {row.language: row.name for row in made.names.all()} == {"ru": "Тонер", "ja": "トナー"}
    assert made.description_in("ru") == "Всё о тонере"


def test_a_topic_is_moved_renamed_and_loses_a_translation(desk, tree):
    _printing, labels, _rolls, billing = tree
    edit = f"{LIST}edit/{labels.pk}/"
    assert "Этикетки" in desk.get(edit).text
    sent = fields(name="Stickers", slug="labels", parent=billing.pk, name_ar="ملصقات")
    assert desk.post(edit, sent).status_code == 302
    labels.refresh_from_db()
    assert (labels.name, labels.parent) == ("Stickers", billing)
    assert {row.language for row in labels.names.all()} == {"ar"}


def waiting():
    """What waits for the search to look at it again."""
    return set(OutboxEntry.objects.values_list("document_type", "object_id"))


def test_a_topic_becomes_a_product_and_all_below_it_is_looked_at_again(desk, tree):
    printing, labels, rolls, _billing = tree
    deep = question(title="About rolls of labels", topics=(rolls.slug,))
    beside = question(title="About nothing of it")
    guide = article("Choosing labels", topics=[labels])
    OutboxEntry.objects.all().delete()
    sent = fields(name=printing.name, slug=printing.slug, kind="product")
    assert desk.post(f"{LIST}edit/{printing.pk}/", sent).status_code == 302
    printing.refresh_from_db()
    assert printing.is_product
    assert {("question", str(deep.pk)), ("article", str(guide.pk))} <= waiting()
    assert ("question", str(beside.pk)) not in waiting()


def test_other_words_for_a_topic_change_nothing_of_what_bears_it(desk, tree):
    _printing, labels, _rolls, _billing = tree
    asked = question(title="About labels of paper", topics=(labels.slug,))
    OutboxEntry.objects.all().delete()
    sent = fields(name="Stickers", slug="labels", parent=labels.parent_id)
    assert desk.post(f"{LIST}edit/{labels.pk}/", sent).status_code == 302
    assert ("question", str(asked.pk)) not in waiting()


def test_what_bore_a_deleted_topic_is_looked_at_again(desk, tree):
    *_others, billing = tree
    asked = question(title="About an invoice", topics=(billing.slug,))
    OutboxEntry.objects.all().delete()
    assert desk.post(f"{LIST}delete/{billing.pk}/").status_code == 302
    assert ("question", str(asked.pk)) in waiting()


def test_what_the_form_refuses(desk, tree):
    printing, _labels, rolls, _billing = tree
    below_itself = fields(name="Printing", slug="printing", parent=rolls.pk)
    response = desk.post(f"{LIST}edit/{printing.pk}/", below_itself)
    assert response.status_code == 200 and "cannot lie below itself" in response.text
    response = desk.post(f"{LIST}add/", fields(name="Deeper", parent=rolls.pk))
    assert response.status_code == 200 and "three levels" in response.text
    response = desk.post(f"{LIST}add/", fields(name="Labels", slug="labels"))
    assert response.status_code == 200
    assert Topic.objects.count() == 4


def test_deleting_a_topic_keeps_its_questions(desk, tree):
    asked = question(topics=("billing",))
    topic_id = Topic.objects.get(slug="billing").pk
    assert desk.get(f"{LIST}delete/{topic_id}/").status_code == 200
    assert desk.post(f"{LIST}delete/{topic_id}/").status_code == 302
    assert not Topic.objects.filter(slug="billing").exists()
    asked.refresh_from_db()
    assert not QuestionTopic.objects.exists()
    logged = ModelLogEntry.objects.get(action="wagtail.delete")
    assert logged.label == "Billing" and logged.user is not None


def test_deleting_a_topic_lifts_those_below_it(tree):
    printing, labels, *_rest = tree
    topic_forget(topic=printing)
    labels.refresh_from_db()
    assert labels.parent is None


def test_names_are_set_and_taken_away(tree):
    printing, *_rest = tree
    topic_names_set(topic=printing, names={"ru": (" Печать ", ""), "ja": ("", "x"), "en": ("Print", "All of it")})
    assert {row.language: (row.name, row.description) for row in TopicName.objects.filter(topic=printing)} == {
        "ru": ("Печать", ""), "en": ("Print", "All of it"), "ar": ("الطباعة", "")
    }  # fmt: skip


def test_the_rights_come_with_the_tables_and_are_given_once():
    group = Group.objects.get(name=STAFF_GROUP)
    before = group.permissions.count()
    topic_rights_ensure()
    assert group.permissions.count() == before
    assert sorted(group.permissions.filter(codename__endswith="_topic").values_list("codename", flat=True)) == [
        "add_topic",
        "change_topic",
        "delete_topic",
        "view_topic",
    ]
    assert member(staff=True).has_perm("core.change_topic") and not member().has_perm("core.change_topic")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("C++", "c-plus-plus"), ("C#", "c-sharp"), ("ラベル印刷", "ラベル印刷"), ("Этикетки", "этикетки")],
)
def test_a_slug_is_made_of_any_script_and_its_page_opens(desk, client, name, slug):
    assert desk.post(f"{LIST}add/", fields(name=name)).status_code == 302
    assert Topic.objects.get().slug == slug
    assert name in client.get(f"/en/topics/{slug}/").text


def test_two_names_that_would_share_an_address(desk):
    desk.post(f"{LIST}add/", fields(name="Label printing"))
    response = desk.post(f"{LIST}add/", fields(name="Label  printing!"))
    assert response.status_code == 200 and "has this address already" in response.text
    assert Topic.objects.count() == 1


def test_the_search_looks_again_at_the_questions_of_a_deleted_topic(tree, monkeypatch):
    asked, noted = question(topics=("billing",)), []
    monkeypatch.setattr("portal.curation.services.topics.questions_changed", noted.extend)
    topic_forget(topic=Topic.objects.get(slug="billing"))
    assert noted == [asked.pk]
