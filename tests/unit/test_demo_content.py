"""The demo's files: complete in four languages, each reference leads somewhere, and nothing in them is real."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from portal.core.markdown import plain_text, render_markdown
from portal.importers.demo import content as reading
from portal.importers.demo.content import (
    BLOCK_KINDS,
    LANGUAGES,
    Block,
    Code,
    Comment,
    ContentError,
    Question,
    Version,
    read_content,
    unwrapped,
)
from portal.importers.demo.drawings import DRAWINGS, PORTRAIT, drawing_png, portrait_png

CONTENT = read_content()
PEOPLE = {person.username: person for person in CONTENT.people}
TOPICS = {topic.slug: topic for topic in CONTENT.topics}
QUESTIONS = {question.key: question for question in CONTENT.questions}
SCRIPTS = {"en": "[A-Za-z]", "ru": "[\u0400-\u04ff]", "ja": "[\u3040-\u30ff\u4e00-\u9fff]", "ar": "[\u0600-\u06ff]"}
SCRIPT_SHARE = {"en": 0.9, "ru": 0.6, "ja": 0.5, "ar": 0.6}
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
LIVING_CODES = {"E-12", "E-17", "E-21", "E-23", "E-31", "E-40", "E-44", "E-52"}
MODELS = {
    "RH-1",
    "RH-2",
    "RS-20",
    "RV-2",
    "RV-6",
    "RP-1",
    "RA-24",
    "RB-7",
    "RF-02",
    "RF-02M",
    "RK-04",
    "RK-05",
    "RG-11",
}


def comments_of(question: Question) -> Iterator[Comment]:
    yield from question.comments
    for answer in question.answers:
        yield from answer.comments


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from strings(part)


def words_of_version(version: Version) -> str:
    parts = [version.title, version.summary]
    for block in version.blocks:
        if not isinstance(block.value, Code):
            parts += [text for text in strings(block.value) if text not in DRAWINGS and text != "warning"]
    return "\n".join(parts + [comment.body for comment in version.comments])


def every_text() -> Iterator[tuple[str, str, str]]:
    """Yields (where, language, text) for all that members and staff wrote."""
    for question in CONTENT.questions:
        texts = [question.title, question.body, question.close_reason]
        texts += [answer.body for answer in question.answers] + [comment.body for comment in comments_of(question)]
        yield question.key, question.language, "\n".join(texts)
    for step in CONTENT.steps:
        # Who keeps a post for herself does so in her own words, a suggestion in those of the post.
        code = PEOPLE[step.by].language if step.act == "bookmark" else QUESTIONS[step.question].language
        if step.words:
            yield f"{step.act}-{step.question}", code, f"{step.words} {step.new}"
    for article in CONTENT.articles:
        for language, version in article.versions.items():
            yield f"{article.key}/{language}", language, words_of_version(version)
    for topic in CONTENT.topics:
        for language in LANGUAGES:
            yield topic.slug, language, topic.description[language]
    for person in CONTENT.people:
        for language in LANGUAGES if person.staff else ():
            yield person.username, language, person.bio_in(language) + person.job_title[language]


TEXTS = list(every_text())


def test_there_is_enough_to_look_alive():
    by_language = {language: [q for q in CONTENT.questions if q.language == language] for language in LANGUAGES}
    assert len(by_language["en"]) >= 14
    assert all(len(by_language[language]) >= 12 for language in ("ru", "ja", "ar"))
    assert len(CONTENT.people) >= 22
    assert sum(person.staff for person in CONTENT.people) == 5
    assert sum(person.kind == "expert" for person in CONTENT.people) == 8
    assert len(CONTENT.topics) >= 14
    assert len([a for a in CONTENT.articles if a.kind == "articles"]) >= 5
    assert len([a for a in CONTENT.articles if a.kind == "news"]) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_shows_every_state_of_a_question(language):
    asked = [question for question in CONTENT.questions if question.language == language]
    assert any(not question.answers and not question.status for question in asked), "an unanswered question"
    assert any(answer.accepted for question in asked for answer in question.answers)
    assert any(PEOPLE[answer.author].staff for question in asked for answer in question.answers)
    assert any(len(question.answers) > 1 for question in asked)
    assert any(list(comments_of(question)) for question in asked)
    assert max(question.days_ago for question in asked) > 100 and min(question.days_ago for question in asked) < 10


def test_some_questions_are_settled_by_staff():
    assert [q.key for q in CONTENT.questions if q.duplicate_of] == ["en-e44-dup"]
    assert {q.status for q in CONTENT.questions} == {"", "needs_details", "closed"}
    assert all(q.close_reason for q in CONTENT.questions if q.status == "closed")


def test_keys_usernames_slugs_and_titles_are_unique():
    assert len(QUESTIONS) == len(CONTENT.questions)
    assert len(PEOPLE) == len(CONTENT.people)
    assert len(TOPICS) == len(CONTENT.topics)
    titles = [(question.language, question.title) for question in CONTENT.questions]
    assert len(set(titles)) == len(titles)
    slugs = [(article.kind, article.slug) for article in CONTENT.articles]
    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize("entry", [*PEOPLE, *TOPICS, *[article.slug for article in CONTENT.articles]])
def test_addresses_are_plain_ascii(entry):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry)


@pytest.mark.parametrize("question", CONTENT.questions, ids=lambda question: question.key)
def test_what_a_question_names_exists(question):
    assert set(question.topics) <= TOPICS.keys() and question.topics
    assert len(question.topics) <= 5
    writers = {question.author, *(a.author for a in question.answers), *(c.author for c in comments_of(question))}
    assert writers <= PEOPLE.keys()
    assert not question.duplicate_of or question.duplicate_of in QUESTIONS
    assert sum(answer.accepted for answer in question.answers) <= 1
    assert 5 <= len(question.title) <= 150
    assert len({answer.author for answer in question.answers}) == len(question.answers)


@pytest.mark.parametrize("question", CONTENT.questions, ids=lambda question: question.key)
def test_nobody_writes_before_joining_nor_after_today(question):
    assert PEOPLE[question.author].joined_days_ago >= question.days_ago
    for answer in question.answers:
        moment = question.days_ago * 24 - answer.after
        assert moment > 0 and PEOPLE[answer.author].joined_days_ago * 24 >= moment
        for comment in answer.comments:
            assert moment - comment.after > 0 and PEOPLE[comment.author].joined_days_ago * 24 >= moment - comment.after
    for comment in question.comments:
        moment = question.days_ago * 24 - comment.after
        assert moment > 0 and PEOPLE[comment.author].joined_days_ago * 24 >= moment


@pytest.mark.parametrize("question", CONTENT.questions, ids=lambda question: question.key)
def test_there_are_members_enough_for_the_votes(question):
    most = len(CONTENT.people) - 1
    assert question.up + question.down <= most
    assert all(answer.up + answer.down <= most for answer in question.answers)


def test_people_are_complete():
    for person in CONTENT.people:
        assert set(person.topics) <= TOPICS.keys() and person.topics
        assert person.language in LANGUAGES and set(person.languages) <= set(LANGUAGES)
        assert person.language in person.languages
        if person.staff:
            assert set(person.names) == set(person.job_title) == set(person.bio) == set(LANGUAGES)
            assert person.name in person.names.values(), "her own spelling is one of them"
        else:
            assert isinstance(person.bio, str) and not person.job_title
        assert person.kind in ("staff", "expert", "customer")
    assert {person.username for person in CONTENT.people if person.demo_account} == {"mira", "kenji", "lena"}
    assert PEOPLE["mira"].admin and PEOPLE["mira"].staff


def test_topics_are_a_tree_with_all_names():
    for topic in CONTENT.topics:
        assert set(topic.name) == set(topic.description) == set(LANGUAGES)
        assert topic.parent is None or TOPICS[topic.parent].parent is None, "two levels"
    order = [topic.slug for topic in CONTENT.topics]
    assert all(t.parent is None or order.index(t.parent) < order.index(t.slug) for t in CONTENT.topics)


def test_the_site_speaks_four_languages():
    def check(value):
        assert isinstance(value, dict)
        if all(isinstance(part, str) for part in value.values()):
            assert list(value) == list(LANGUAGES) and all(value.values())
        else:
            for part in value.values():
                check(part)

    check(CONTENT.site)


def shape(block: Block) -> Any:
    """What must be the same in each language of an article."""
    value = block.value
    if block.kind == "image":
        return block.kind, value["drawing"]
    if block.kind == "code":
        return block.kind, value
    if block.kind == "callout":
        return block.kind, value["kind"]
    if block.kind == "steps":
        return block.kind, len(value)
    if block.kind == "table":
        return block.kind, len(value["head"]), len(value["rows"])
    return block.kind


@pytest.mark.parametrize("article", CONTENT.articles, ids=lambda article: article.key)
def test_an_article_has_the_same_build_in_each_language(article):
    assert tuple(article.versions) == LANGUAGES
    builds = {language: [shape(block) for block in version.blocks] for language, version in article.versions.items()}
    assert builds["ru"] == builds["en"] and builds["ja"] == builds["en"] and builds["ar"] == builds["en"]
    assert PEOPLE[article.author].staff and set(article.topics) <= TOPICS.keys()
    for version in article.versions.values():
        assert version.title and 25 <= len(version.summary) <= 250
        for comment in version.comments:
            assert comment.author in PEOPLE and 0 < comment.days_ago < article.days_ago
            assert all(reply.author in PEOPLE for reply in comment.replies)


@pytest.mark.parametrize("article", CONTENT.articles, ids=lambda article: article.key)
def test_tables_are_rectangular_and_pictures_described(article):
    for version in article.versions.values():
        for block in version.blocks:
            if block.kind == "table":
                assert {len(row) for row in block.value["rows"]} == {len(block.value["head"])}
                assert all(cell.strip() for row in block.value["rows"] for cell in row)
            if block.kind == "image":
                assert block.value["drawing"] in DRAWINGS
                assert len(block.value["alt"]) > 15 and block.value["caption"]
            if block.kind == "callout":
                assert block.value["kind"] in ("note", "tip", "warning")


def test_the_articles_use_every_kind_of_block():
    used = {block.kind for article in CONTENT.articles for block in article.versions["en"].blocks}
    assert used == set(BLOCK_KINDS)


@pytest.mark.parametrize(("where", "language", "text"), TEXTS, ids=[f"{where}-{code}" for where, code, _ in TEXTS])
def test_a_text_is_in_its_language(where, language, text):
    words = CODE.sub("", text)
    letters = [letter for letter in words if letter.isalpha()]
    own = re.findall(SCRIPTS[language], words)
    share = 0.3 if len(letters) < 80 else SCRIPT_SHARE[language]
    assert len(own) / len(letters) >= share, where


@pytest.mark.parametrize(("where", "language", "text"), TEXTS, ids=[f"{where}-{code}" for where, code, _ in TEXTS])
def test_a_text_has_its_language_s_punctuation(where, language, text):
    words = CODE.sub("", text)
    if language == "ar":
        assert not re.search(r"[\u0600-\u06ff][,;?]", words), "، ؛ ؟"
    if language == "ru":
        assert not re.search(r"[\u0400-\u04ff]\"|\"[\u0400-\u04ff]", words), "«ёлочки»"
        assert not re.search(r" - ", re.sub(r"^\s*- ", "", words, flags=re.MULTILINE)), "dash, not hyphen"
    if language == "ja":
        wide = r"[\u3040-\u30ff\u4e00-\u9fff]"
        assert not re.search(rf"{wide}[,.!?;](\s|$|{wide})", words), "full-width punctuation"
        assert not re.search(rf"{wide} {wide}", words), "no blank inside a sentence"


@pytest.mark.parametrize(("where", "language", "text"), TEXTS, ids=[f"{where}-{code}" for where, code, _ in TEXTS])
def test_no_address_of_the_real_world(where, language, text):
    for host in re.findall(r"https?://([\w.-]+)", text):
        assert host.endswith((".example", ".local", "example.com")), host
    assert not re.search(r"[\w.]+@[\w.]+\.(?:com|org|net|ru|jp)\b", text)
    assert "lorem" not in text.lower() and "TODO" not in text


@pytest.mark.parametrize(("where", "language", "text"), TEXTS, ids=[f"{where}-{code}" for where, code, _ in TEXTS])
def test_only_the_products_and_codes_of_the_story(where, language, text):
    assert set(re.findall(r"\bE-\d\d\b", text)) <= LIVING_CODES
    assert set(re.findall(r"\bR[A-Z]-\d+M?\b", text)) <= MODELS


def test_markdown_comes_out_as_meant():
    """Strong marks next to wide characters and Arabic letters are easily left standing as stars."""
    for question in CONTENT.questions:
        for body in [question.body, *(a.body for a in question.answers), *(c.body for c in comments_of(question))]:
            shown = plain_text(re.sub(r"<(pre|code).*?</\1>", "", render_markdown(body), flags=re.DOTALL))
            assert "**" not in shown and "```" not in shown and "|--" not in shown, question.key
    for article in CONTENT.articles:
        for version in article.versions.values():
            for block in version.blocks:
                if block.kind in ("text", "callout"):
                    text = block.value if isinstance(block.value, str) else block.value["text"]
                    assert "**" not in plain_text(render_markdown(text)), article.key


@pytest.mark.parametrize(
    ("language", "wrapped", "expected"),
    [
        ("en", "one\ntwo\n\nthree", "one two\n\nthree"),
        ("ja", "一つ、\n二つ。", "一つ、二つ。"),
        ("ja", "切断し、\n2.4 GHzへ", "切断し、2.4 GHzへ"),
        ("ja", "一つ 二つ", "一つ二つ"),
        ("en", "- a\n  b\n- c", "- a b\n- c"),
        ("en", "1. a\n   b\n2. c", "1. a b\n2. c"),
        ("en", "| a |\n|---|\n| b |", "| a |\n|---|\n| b |"),
        ("en", "> said\n\nme", "> said\n\nme"),
        ("en", "see:\n```text\na\nb\n\nc\n```\nthen\ngo", "see:\n```text\na\nb\n\nc\n```\nthen go"),
        ("en", "**bold**\n**again**", "**bold** **again**"),
        ("en", "", ""),
    ],
)
def test_unwrapping_keeps_the_meaning(language, wrapped, expected):
    assert unwrapped(wrapped, language) == expected
    assert unwrapped(expected, language) == expected


def test_an_unknown_field_is_named():
    with pytest.raises(ContentError, match=r"who: .*colour"):
        reading._person({"username": "who", "colour": "red"})


def test_an_unknown_block_or_code_is_named():
    with pytest.raises(ContentError, match="video"):
        reading._block({"video": "x"}, "en", {}, "here")
    with pytest.raises(ContentError, match="nothing"):
        reading._block({"code": "nothing"}, "en", {}, "here")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_a_small_picture(name):
    data = drawing_png(name)
    picture = Image.open(BytesIO(data))
    assert picture.format == "PNG" and picture.width == 1200 and len(data) < 40_000
    assert len(picture.convert("RGB").getcolors(100_000) or []) > 8, "something is drawn"
    assert drawing_png(name) == data, "drawn the same each time"


def test_an_unknown_drawing_is_refused():
    with pytest.raises(KeyError):
        drawing_png("nothing")


def test_portraits_differ_from_person_to_person():
    portraits = {person.username: portrait_png(person.avatar) for person in CONTENT.people}
    assert len(set(portraits.values())) == len(portraits)
    for data in portraits.values():
        assert Image.open(BytesIO(data)).size == (PORTRAIT, PORTRAIT) and len(data) < 12_000
