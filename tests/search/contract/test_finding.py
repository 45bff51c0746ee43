"""What is found, on every engine."""

import pytest

from search.documents import SearchRequest
from search.engine import SearchEngine


def found(engine: SearchEngine, text: str, **fields: object) -> list[str]:
    """The ids found for a text, best first."""
    return [each.document.id for each in engine.search(SearchRequest(text=text, **fields)).found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("printer error after paper jam", "1"),
        ("forgotten passwords", "2"),
        ("resetting my password", "2"),
        ("exporting an invoice", "3"),
        ("принтеры не печатают", "4"),
        ("замятие бумаги", "4"),
        ("パスワードを忘れました", "5"),
        ("再設定", "5"),
        ("紙詰まり", "6"),
        ("印刷できない", "6"),
        ("إعادة تعيين كلمات المرور", "7"),
        ("طابعة", "8"),
        ("Ausdruck blass", "13"),
    ],
)
def test_the_right_document_comes_first_in_each_language(community: SearchEngine, text: str, first: str) -> None:
    assert found(community, text)[:1] == [first]
