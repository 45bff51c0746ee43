"""A small termbase that the tests of it share."""

from search.synonyms import Concept, Term


def concept(key: str, *, protected: bool = False, **words: str | list[str]) -> Concept:
    """A concept from terms by language; ``any``: in every language; ``typed_en``: one-way."""
    terms = []
    for name, texts in words.items():
        one_way, language = name.startswith("typed_"), name.removeprefix("typed_")
        for text in [texts] if isinstance(texts, str) else texts:
            terms.append(Term(text, None if language == "any" else language, one_way))
    return Concept(key, tuple(terms), protected)


POWER_BANK = concept(
    "power bank",
    en=["power bank", "portable charger"],
    ru=["повербанк", "внешний аккумулятор"],
    ja="モバイルバッテリー",
    ar="بطارية متنقلة",
)
RILL_MINI = concept("rill mini", protected=True, any=["Rill Mini", "Rillmini"], ru="Рилл Мини", ja="リルミニ")
CHARGER = concept("charger", en=["charger", "mains adapter"], typed_en="wall wart", ru="зарядное устройство")
SIGN_IN = concept("sign in", en=["sign in", "log in"], ja="ログイン")
TERMS = (POWER_BANK, RILL_MINI, CHARGER, SIGN_IN)
