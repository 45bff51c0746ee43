"""Whether one document holds enough of a query."""

import pytest

from search.queries.matching import holds, needed
from tests.search.documents import INVOICE, PASSWORD_JA, PRINTER, PRINTER_AR, PRINTER_RU, question


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("printer", PRINTER),
        ("printers", PRINTER),
        ("paper jams", PRINTER),
        ("e-104", PRINTER),
        ("rear cover", PRINTER),
        ("принтеры", PRINTER_RU),
        ("パスワード", PASSWORD_JA),
        ("طابعة", PRINTER_AR),
        ("v2.3", INVOICE),
        ("printer jam bicycle", PRINTER),
        ("", PRINTER),
        ("?!", PRINTER),
    ],
)
def test_a_document_that_fits(text, document):
    assert holds(document, text)


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("bicycle", PRINTER),
        ("printer bicycle", PRINTER),
        ("printer bicycle saddle", PRINTER),
        ("принтер", PRINTER),
        ("the of and", question(1, "Nothing like it")),
        ("紙詰まり", PASSWORD_JA),
    ],
)
def test_a_document_that_does_not(text, document):
    assert not holds(document, text)


def test_a_name_in_another_language_counts():
    assert holds(question(1, "Printers", names=(("ru", "Принтеры"),)), "принтер")


@pytest.mark.parametrize(("words", "least"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (9, 6)])
def test_how_many_words_are_needed(words, least):
    assert needed(words) == least
