"""``@username`` in Markdown: a rule for markdown-it-py that knows where a name may stand and how far it reaches.

Who bears a name is not known here: the renderer is given a function that looks names up. A name that nobody bears, and
one inside code or a link, stays the text it was.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# Which of these names are members, each with the path of her page.
Members = Callable[[Collection[str]], Mapping[str, str]]

NAME = re.compile(r"[\w.+-]{1,60}")
# Scripts that put no space behind a name: there, it may end before any letter.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
# An address (a@b), a path (/@a) and a second @ are no mention.
BEFORE = re.compile(r"[^\w./@&=+%#:~-]")
QUOTING = re.compile(r"<(/?)(?:code|pre|kbd|samp|tt)\b", re.IGNORECASE)
MOST = 10


def name_candidates(run: str) -> list[str]:
    """Returns what of a run of letters behind an @ may be the name, the longest first."""
    ends = {len(run), len(run.rstrip(".+-"))}
    ends |= {match.start() for match in UNSPACED.finditer(run)}
    return [run[:end] for end in sorted(ends, reverse=True) if end]


def _mention(state: StateInline, silent: bool) -> bool:
    """Takes the @ at the present place and the letters behind it, where a mention may begin here."""
    if state.src[state.pos] != "@" or state.linkLevel > 0:
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if not BEFORE.match(before) and not UNSPACED.match(before):
        return False
    found = NAME.match(state.src, state.pos + 1)
    if found is None:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = found.group()
    state.pos = found.end()
    return True


def _render(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    # Every letter that a name may have is one that needs no escaping.
    token = tokens[place]
    name, path = token.meta.get("name", ""), token.meta.get("path", "")
    if not path:
        return f"@{token.content}"
    return f'<a href="{path}">@{name}</a>{token.content[len(name) :]}'


def mention_plugin(parser: MarkdownIt) -> None:
    """Teaches a parser mentions; ``mentions_resolve`` must see the tokens before they are rendered."""
    parser.inline.ruler.before("link", "mention", _mention)
    parser.add_render_rule("mention", _render, fmt="html")


def _open_mentions(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yields the mentions outside of code that was written as HTML."""
    for block in tokens:
        depth = 0
        for token in block.children or ():
            if token.type == "html_inline" and (tag := QUOTING.match(token.content)):
                depth += -1 if tag.group(1) else 1
            elif token.type == "mention" and depth <= 0:
                yield token


def mentions_resolve(tokens: Sequence[Token], members: Members) -> list[str]:
    """Turns the mentions of members into links, and returns their names, each once; after ``MOST`` the rest is text."""
    found = list(_open_mentions(tokens))
    wanted = {name for token in found for name in name_candidates(token.content)}
    known = members(wanted) if wanted else {}
    named: list[str] = []
    for token in found:
        name = next((name for name in name_candidates(token.content) if name in known), None)
        if name is None or (name not in named and len(named) >= MOST):
            continue
        token.meta.update(name=name, path=known[name])
        named += [] if name in named else [name]
    return named
