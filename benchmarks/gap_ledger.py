"""How long the gap ledger takes, with a month of searches.

    .venv/bin/python benchmarks/gap_ledger.py [--searches 100000]

A portal of its own on SQLite whose log holds a month of searches in four languages: few needs are searched for often
and many seldom (Zipf's law), each in several wordings, word orders and spellings. Prints the time by the clock and of
the processor for the first update (all of the log), for one with nothing new, for one with a quarter of an hour of new
searches, and for the pages; and how many clusters came of how many wordings.
"""

import argparse
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

DAYS = 30
SYLLABLES = {
    "en": [*"bdfgklmnprstv"],
    "ru": [*"бвгдклмнпрстф"],
    "ar": [*"بتجدرسعفقكلمن"],
    "ja": [*"画面印刷設定電源用紙入力接続"],
}
VOWELS = {"en": "aeiou", "ru": "аеиоу", "ar": "اوي", "ja": "ンース"}
FILLERS = {
    "en": ["how do I", "my", "the", "please"],
    "ru": ["как", "не", "мой"],
    "ar": ["كيف", "في"],
    "ja": ["の", "を"],
}


def needs(chance: random.Random, language: str, count: int) -> list[list[str]]:
    """Returns what people need, each as its words."""
    letters, vowels = SYLLABLES[language], VOWELS[language]

    def word() -> str:
        return "".join(chance.choice(letters) + chance.choice(vowels) for _ in range(chance.randint(2, 4)))

    words = [word() for _ in range(1_500)]
    return [chance.sample(words, chance.randint(1, 4)) for _ in range(count)]


def wording(chance: random.Random, language: str, need: list[str]) -> str:
    """Returns one way to type a need: another order, a filler, sometimes two letters turned round."""
    words = need.copy()
    if chance.random() < 0.3:
        chance.shuffle(words)
    if chance.random() < 0.3:
        words.insert(0, chance.choice(FILLERS[language]))
    typed = " ".join(words)
    if chance.random() < 0.1 and len(typed) > 6:
        place = chance.randrange(1, len(typed) - 2)
        typed = typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]
    return typed


def searches(chance: random.Random, count: int) -> Iterator[object]:
    """Yields rows of the log, a month of them."""
    from portal.core.clock import now
    from portal.discovery.models import Search, Surface, Who
    from search.analyzers.normalization import normalize

    shares = {"en": 0.5, "ru": 0.2, "ja": 0.2, "ar": 0.1}
    needed = {language: needs(chance, language, int(count * share / 5)) for language, share in shares.items()}
    weights = {
        language: list(itertools.accumulate(1 / (rank + 3) for rank in range(len(each))))
        for language, each in needed.items()
    }
    languages = chance.choices(list(shares), list(shares.values()), k=count)
    end = now() - timedelta(hours=1)
    for number, language in enumerate(languages):
        (need,) = chance.choices(needed[language], cum_weights=weights[language])
        text = wording(chance, language, need)
        luck = (len(need[0]) * 7 + len(need)) % 5
        moment = end - timedelta(days=DAYS) * (1 - number / count)
        yield Search(
            at=moment, changed_at=moment, surface=Surface.PAGE, who=Who.STRANGER, language=language, text=text,
            normalized=normalize(text), total=0 if luck == 0 else 7,
            opened_count=int(luck > 1 and chance.random() < 0.6),
        )  # fmt: skip


@contextmanager
def measured(what: str) -> Iterator[None]:
    """Prints how long the block took."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    print(f"{what:<46}{time.perf_counter() - clock:8.2f} s{time.process_time() - processor:8.2f} s", flush=True)


def main(count: int) -> None:
    """Fills the log and measures."""
    from django.core.management import call_command
    from django.test import Client

    from portal.analytics.models import Gap, GapDay
    from portal.analytics.services.ledger import ledger_update
    from portal.discovery.models import Search
    from tests.factories.accounts import member

    chance = random.Random(4)
    call_command("migrate", verbosity=0)
    rows = searches(chance, count)
    while batch := list(itertools.islice(rows, 5_000)):
        Search.objects.bulk_create(batch, batch_size=1_000)
    wordings = Search.objects.values("language", "normalized").distinct().count()
    print(f"{count} searches in {wordings} wordings; by the clock, and of the processor")
    with measured("first update"):
        ledger_update()
    print(
        f"  {Gap.objects.count()} clusters, {Gap.objects.exclude(kind='').count()} gaps, {GapDay.objects.count()} days"
    )
    with measured("update with nothing new"):
        ledger_update()
    Search.objects.bulk_create(list(itertools.islice(searches(chance, count), max(1, count // DAYS // 96))))
    with measured("update with a quarter of an hour of searches"):
        ledger_update()
    client = Client(headers={"Host": "localhost"})
    client.force_login(member(staff=True), backend="portal.accounts.backends.PortalBackend")
    client.get("/staff/search/")
    for address in (
        "/staff/search/",
        f"/staff/search/{Gap.objects.order_by('-failed')[0].pk}/",
        "/staff/search/gaps.csv",
    ):
        with measured(address):
            assert client.get(address).status_code == 200


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, default=100_000)
    chosen = parser.parse_args()
    area = tempfile.mkdtemp(prefix="gap-ledger-")
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "DATABASE_URL", "ELASTICSEARCH_URL"))]:
        del os.environ[name]
    os.environ |= {
        "PORTAL_DATA_DIR": area,
        "PORTAL_SECRET_KEY": "ledger",
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    import django

    django.setup()
    try:
        main(chosen.searches)
    finally:
        shutil.rmtree(area, ignore_errors=True)
