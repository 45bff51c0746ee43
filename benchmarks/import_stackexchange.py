"""How fast a Stack Exchange dump is imported, and in how much memory.

    .venv/bin/python benchmarks/import_stackexchange.py [--posts N] [--folder DIR] [--keep]

Writes a dump of N posts (a third of them questions) with users, comments, votes, links, history and badges in the
proportions of a real site, or takes the dump in DIR; imports it into a portal of its own with a fresh SQLite
database; then sends what it brought to the embedded index; then imports it again. Prints the time by the clock and
of the processor (the one that holds on a machine with other work), posts per second, and the peak of memory.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

ROOT = Path(__file__).resolve().parents[1]
TEXT = (
    "the hinge of a door turns when oil reaches its pin and the screw holds while wood swells in damp weather so that "
    "people ask which grease lasts through winter how to align two leaves why brass bends under load what plane to "
    "use before paint dries whether steel rusts near salt water where spring hinges close by themselves at night"
)
WORDS = TEXT.split()
MOMENT = "20{:02d}-{:02d}-{:02d}T{:02d}:{:02d}:07.123"
DRAIN = (
    "import time\nfrom search.indexing import drain\nbegan = time.monotonic()\n"
    "while drain():\n    pass\nprint('INDEXED', time.monotonic() - began)"
)
Row = dict[str, object]


def words(chance: random.Random, count: int) -> str:
    """Returns so many words."""
    return " ".join(chance.choices(WORDS, k=count))


def body(chance: random.Random) -> str:
    """Returns the HTML of a post of ordinary length, some with code and a link."""
    parts = [f"<p>{words(chance, chance.randint(20, 60))}</p>" for _ in range(chance.randint(1, 4))]
    if chance.random() < 0.4:
        parts.append(f"<pre><code>turn({chance.randint(1, 99)}, &quot;hinge&quot;)\n{words(chance, 12)}\n</code></pre>")
    if chance.random() < 0.3:
        parts.append(f'<p>See <a href="https://example.org/{chance.randint(1, 9999)}">this</a>.</p>')
    return "\n\n".join(parts)


def moment(number: int) -> str:
    """Returns the date of the row with this number; dates grow with numbers."""
    minutes = number * 7
    day = minutes // 1440
    return MOMENT.format(10 + day // 336 % 15, day // 28 % 12 + 1, day % 28 + 1, minutes // 60 % 24, minutes % 60)


def posts(chance: random.Random, count: int) -> Iterator[Row]:
    """Yields questions, each followed by two answers."""
    for number in range(1, count + 1):
        asked = (number - 1) // 3 * 3 + 1
        row: Row = {
            "Id": number, "CreationDate": moment(number), "Score": chance.randint(-2, 30), "Body": body(chance),
            "OwnerUserId": chance.randint(1, count // 5 + 1), "LastActivityDate": moment(number), "CommentCount": 1,
            "ContentLicense": "CC BY-SA 4.0",
        }  # fmt: skip
        if number == asked:
            tags = "".join(f"<tag-{chance.randint(1, 200)}>" for _ in range(3))
            row |= {"PostTypeId": 1, "Title": words(chance, 9), "Tags": tags, "ViewCount": chance.randint(1, 9999),
                    "AnswerCount": min(2, count - number)}  # fmt: skip
            if number + 1 <= count and chance.random() < 0.5:
                row["AcceptedAnswerId"] = number + 1
        else:
            row |= {"PostTypeId": 2, "ParentId": asked}
        yield row


def others(chance: random.Random, count: int) -> dict[str, Callable[[], Iterator[Row]]]:
    """Returns what yields the rows of every other file."""
    people = count // 5 + 1
    return {
        "Users": lambda: (
            {"Id": n, "Reputation": chance.randint(1, 999), "CreationDate": moment(n), "DisplayName": words(chance, 2),
             "AboutMe": f"<p>{words(chance, 15)}</p>", "Location": "Here"}
            for n in range(1, people + 1)
        ),
        "Tags": lambda: ({"Id": n, "TagName": f"tag-{n}", "Count": 9} for n in range(1, 201)),
        "Comments": lambda: (
            {"Id": n, "PostId": chance.randint(1, count), "Score": 0, "Text": words(chance, 20) + " `code`",
             "CreationDate": moment(n), "UserId": chance.randint(1, people)}
            for n in range(1, count + 1)
        ),
        "Votes": lambda: (
            {"Id": n, "PostId": chance.randint(1, count), "VoteTypeId": chance.choice((2, 2, 2, 3, 5)),
             "CreationDate": moment(n)}
            for n in range(1, 4 * count + 1)
        ),
        "PostLinks": lambda: (
            {"Id": n, "CreationDate": moment(n), "PostId": chance.randint(1, count),
             "RelatedPostId": chance.randint(1, count), "LinkTypeId": 1}
            for n in range(1, count // 12 + 1)
        ),
        "PostHistory": lambda: (
            {"Id": n, "PostHistoryTypeId": 2 if n <= count else 5, "PostId": (n - 1) % count + 1,
             "RevisionGUID": f"00000000-0000-4000-8000-{n:012d}", "CreationDate": moment(n),
             "UserId": chance.randint(1, people), "Text": words(chance, 80)}
            for n in range(1, int(count * 1.5) + 1)
        ),
        "Badges": lambda: (
            {"Id": n, "UserId": chance.randint(1, people), "Name": "Teacher", "Date": moment(n), "Class": 3,
             "TagBased": "False"}
            for n in range(1, count + 1)
        ),
    }  # fmt: skip


def write_dump(folder: Path, count: int) -> None:
    """Writes a dump of ``count`` posts."""
    chance = random.Random(count)
    files = {"Posts": lambda: posts(chance, count), **others(chance, count)}
    for name, rows in files.items():
        with (folder / f"{name}.xml").open("w", encoding="utf-8-sig") as file:
            file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{name.lower()}>\n')
            for row in rows():
                pairs = " ".join(f"{key}={quoteattr(str(value), {chr(10): '&#xA;'})}" for key, value in row.items())
                file.write(f"  <row {pairs} />\n")
            file.write(f"</{name.lower()}>")


@dataclass
class Done:
    """How a command went: seconds by the clock, seconds of processor, MB at most, and what it printed."""

    clock: float
    cpu: float
    peak: float
    said: str


def manage(data: Path, *args: str) -> Done:
    """Runs a command in a portal whose data lie in ``data``."""
    environment = os.environ | {"PORTAL_DATA_DIR": str(data), "PORTAL_SECRET_KEY": "benchmark"}
    with tempfile.TemporaryFile("w+") as out:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *args], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        clock = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if process.returncode:
        sys.exit(said)
    return Done(clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="a dump to import instead")
    parser.add_argument("--keep", action="store_true", help="leave the portal's data and the dump where they are")
    options = parser.parse_args()
    area = Path(tempfile.mkdtemp(prefix="hiroba-import-"))
    try:
        folder = options.folder or area / "dump"
        if options.folder is None:
            folder.mkdir()
            write_dump(folder, options.posts)
        measure(area, folder.resolve())
    finally:
        if options.keep:
            print(area)
        else:
            shutil.rmtree(area, ignore_errors=True)


def measure(area: Path, folder: Path) -> None:
    """Imports a folder, indexes what it brought, imports it again, and tells."""
    command = ("import_stackexchange", str(folder), "--language", "en", "--site", "bench")
    manage(area, "migrate", "-v0")
    manage(area, "search_rebuild")
    start = manage(area, "check")
    first = manage(area, *command)
    index = manage(area, "shell", "-v0", "-c", DRAIN)
    again = manage(area, *command)
    print(first.said)
    found = {
        line.split()[0]: line.split()[1] for line in first.said.splitlines() if line.startswith(("quest", "answers"))
    }
    count = sum(int(value.replace(",", "")) for value in found.values())
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    print(f"{size:.0f} MB, {count} posts; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, done in (("start of Django", start), ("import", first), ("index", index), ("import again", again)):
        print(f"{name:16} {done.clock:7.1f} s by the clock {done.cpu:7.1f} s of processor {done.peak:5.0f} MB")
    work = first.cpu - start.cpu
    print(
        f"posts per second of processor: {count / work:.0f}, with indexing {count / (work + index.cpu - start.cpu):.0f}"
    )


if __name__ == "__main__":
    main()
