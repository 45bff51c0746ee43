"""The termbase as a sheet: out and in again, and what an uploaded one is refused for."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import Invalid, NotAllowed
from portal.curation.models import TermEntry
from portal.curation.selectors.sheets import LARGEST, Outcome, header, sheet_decode, sheet_of, sheet_read
from portal.curation.services.sheets import sheet_apply
from search import synonyms
from tests.factories.accounts import member
from tests.factories.curation import entry, search_editor, terms_of
from tests.factories.events import committed

pytestmark = pytest.mark.django_db

UPLOAD = "/cms/termbase/import/"


def outcomes(text: str) -> list[tuple[int, str]]:
    return [(line.number, line.outcome.value) for line in sheet_read(text)]


def meant(text: str) -> list[str]:
    return [each.text for each in synonyms.current().expansions_for(text)]


# Out


def test_the_download_has_every_entry_with_its_words(desk):
    entry(en=["sofa", "couch"], ru="диван", any="Sofalux", typed_en="divan", fields={"note": "IKEA"})
    entry(publish=False, fields={"protected": True}, ja="リル")
    TermEntry.objects.filter(pk=entry(en="gone").pk).update(removed_at="2026-01-01T00:00Z")
    response = desk.get("/cms/termbase/export.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf") and "attachment" in response.headers["Content-Disposition"]
    first, second = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (first["en"], first["ru"], first["all"], first["typed_en"]) == ("sofa | couch", "диван", "Sofalux", "divan")
    assert (first["state"], first["protected"], first["note"]) == ("published", "", "IKEA")
    assert (second["state"], second["protected"], second["ja"]) == ("draft", "yes", "リル")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@x", "'=1", "'quoted'"])
def test_no_cell_is_a_formula_and_all_come_back_as_they_were(text):
    entry(publish=False, en=["sofa", "couch"], fields={"note": text, "name": text})
    sheet = sheet_of(TermEntry.objects.all())
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(sheet)) for cell in row)
    assert outcomes(sheet) == [(2, "same")]


WORDS = st.text(st.characters(blacklist_characters="|\x00", blacklist_categories=["Cs", "Cc"]), max_size=12).map(
    str.strip
)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["en", "ru", "any"]), st.booleans()), max_size=6), WORDS, st.booleans()
)
@settings(max_examples=40, deadline=None)
def test_any_termbase_survives_the_way_through_a_sheet(rows, note, protected):
    from django.db import transaction

    words: dict[str, list[str]] = {"en": ["sofa"]}
    for text, language, one_way in rows:
        tidy = " ".join(text.split())
        if synonyms.term_forms(synonyms.Term(tidy)):
            words.setdefault(f"typed_{language}" if one_way and language != "any" else language, []).append(tidy)
    with transaction.atomic():
        made = TermEntry(note=note, protected=protected, live=False)
        made.words_set(terms_of(**words))
        made.save()
        (line,) = sheet_read(sheet_of([made]))
        assert line.outcome is Outcome.SAME, (line.reasons, line.differences)
        TermEntry.objects.all().delete()


# In


def test_a_dry_run_tells_line_by_line_and_writes_nothing(desk):
    old, same = entry(en=["sofa", "couch"]), entry(en=["lamp", "light"])
    rows = [
        f"{old.pk},sofa|settee,,published",
        f"{same.pk},lamp|light,,published",
        ",desk,стол,",
        "77,x,,",
        ",,,",
        ",?!,,",
    ]
    sheet = "\n".join(["id,en,ru,state", *rows])
    response = desk.post(UPLOAD, {"file": SimpleUploadedFile("terms.csv", sheet.encode())})
    assert response.status_code == 200
    told = [(line.number, line.outcome.value) for line in response.context["lines"]]
    assert told == [(2, "changed"), (3, "same"), (4, "new"), (5, "refused"), (7, "refused")]
    assert response.context["counts"] == {"new": 1, "changed": 1, "same": 1, "refused": 2}
    assert "There is no entry of this id." in response.text and "holds no word" in response.text
    assert TermEntry.objects.count() == 2 and TermEntry.objects.get(pk=old.pk).words_text == "sofa\ncouch"
    with committed():
        sent = {"text": response.context["text"], "version": response.context["version"], "apply": "1"}
        assert desk.post(UPLOAD, sent).status_code == 302
    assert TermEntry.objects.count() == 3
    assert meant("sofa") == ["settee"] and meant("desk") == [], "a new entry is a draft unless the sheet says otherwise"
    assert TermEntry.objects.get(name="desk").latest_revision.user.username == "editor"


def test_columns_left_out_stay_and_those_there_are_taken(desk):
    old = entry(en=["sofa", "couch"], ru="диван", fields={"note": "kept", "protected": True})
    (line,) = sheet_read(f"ID;RU\n{old.pk};софа|диван\n")
    assert line.outcome is Outcome.CHANGED and line.differences == ["ru"]
    with committed():
        assert sheet_apply(lines=[line], user=search_editor()) == 1
    row = TermEntry.objects.get()
    assert (row.words_text, row.note, row.protected, row.live) == ("sofa\ncouch\nсофа\nдиван", "kept", True, True)


def test_publishing_and_taking_back_by_the_sheet():
    row = entry(publish=False, en=["sofa", "couch"])
    editor = search_editor()
    for state, words in (("published", ["couch"]), ("draft", [])):
        with committed():
            sheet_apply(lines=sheet_read(f"id,state,en\n{row.pk},{state},sofa|couch"), user=editor)
        assert meant("sofa") == words


def test_who_may_not_publish_uploads_drafts_only():
    from django.contrib.auth.models import Permission

    user = member(staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["add_termentry", "change_termentry"]))
    assert sheet_apply(lines=sheet_read("en\nsofa|couch"), user=user) == 1
    live = entry(en=["lamp", "light"])
    for sheet in (
        "en,state\ndesk|table,published",
        f"id,en\n{live.pk},lamp|torch",
        f"id,en,state\n{live.pk},lamp|x,draft",
    ):
        with pytest.raises(NotAllowed):
            sheet_apply(lines=sheet_read(sheet), user=user)
    assert TermEntry.objects.count() == 2 and TermEntry.objects.get(pk=live.pk).words_text == "lamp\nlight"
    with pytest.raises(NotAllowed):
        sheet_apply(lines=sheet_read("en\nx|y"), user=member(staff=True))


def test_a_termbase_that_changed_since_the_report_is_looked_at_again(desk):
    response = desk.post(UPLOAD, {"text": "en\nsofa|couch"})
    entry(publish=False, en="other")
    sent = {"text": response.context["text"], "version": response.context["version"], "apply": "1"}
    again = desk.post(UPLOAD, sent)
    assert again.status_code == 422 and "changed in the meantime" in again.text
    assert TermEntry.objects.count() == 1
    with committed():
        assert desk.post(UPLOAD, {**sent, "version": again.context["version"]}).status_code == 302
    assert TermEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x,published,,,", "no entry of this id"),
        (",maybe,sofa,,", "published or draft"),
        (",,,,", None),
        (",,?!,,", "holds no word"),
        (",,sofa,31.01.2027,", "is no day"),
        (",,sofa,2027-02-01,2027-01-01", "before the first"),
        (f",,{'x' * 101},,", "too long"),
        (f",,{'|'.join(f'a{n}' for n in range(61))},,", "60 terms at most"),
    ],
)
def test_lines_that_are_refused_say_why(line, words):
    lines = sheet_read(f"id,state,en,from,until\n{line}")
    if words is None:
        assert lines == []
    else:
        assert lines[0].outcome is Outcome.REFUSED and words in " ".join(lines[0].reasons)


def test_protected_is_yes_or_nothing_and_an_id_stands_once():
    row = entry(en=["sofa", "couch"])
    assert outcomes(f"id,protected,en\n,perhaps,x\n{row.pk},yes,sofa\n{row.pk},,lamp") == [
        (2, "refused"), (3, "changed"), (4, "refused")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "no,such,columns\n1,2,3",
        "id,name\n1,x",
        "en,en\nsofa,couch",
        "en,colour\nsofa,red",
        "en\n" + "x\n" * 5_001,
    ],
)
def test_a_text_that_is_no_sheet(desk, text):
    with pytest.raises(Invalid):
        sheet_read(text)
    assert desk.post(UPLOAD, {"text": text}).status_code == 422


@pytest.mark.parametrize("data", ["en\nsofa", "\ufeffen\nsofa"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_encodings_that_table_programs_write(data, encoding):
    assert outcomes(sheet_decode(data.encode(encoding))) == [(2, "new")]


@pytest.mark.parametrize("data", [b"\xff\xfex", b"en\n\xe9t\xe9", b"x" * (LARGEST + 1)])
def test_files_that_cannot_be_read(desk, data):
    with pytest.raises(Invalid):
        sheet_decode(data)
    assert desk.post(UPLOAD, {"file": SimpleUploadedFile("x.csv", data)}).status_code == 422
    assert desk.post(UPLOAD).status_code == 422


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_is_read_or_refused(text):
    try:
        lines = sheet_read("en,ru,note\n" + text)
    except Invalid:
        return
    assert all(line.reasons or line.entry is not None for line in lines)


def test_separators_and_quotes():
    for sheet in ('en;note\n"sofa";"a;b"', 'en\tnote\nsofa\t"a;b"', 'note,en\n"a;b",sofa'):
        (line,) = sheet_read(sheet)
        assert line.entry.note == "a;b" and line.entry.words_text == "sofa", sheet
    assert set(header()) >= {"id", "all", "typed_ar", "from", "until"}
