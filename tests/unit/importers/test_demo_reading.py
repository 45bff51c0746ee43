"""Reading the demo's files: what is missing or misspelt is named, and nothing of the files is lost."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from portal.importers.demo import content as reading
from portal.importers.demo.content import LANGUAGES, Code, Comment, ContentError, read_content, unwrapped

QUESTION = {"key": "k", "title": "A title", "author": "lena", "days_ago": 3, "topics": ["firmware"], "body": "a\nb"}
VERSION = {"title": "T", "summary": "a\nb", "blocks": [{"heading": "H"}, {"code": "c"}]}
PERSON = {
    "username": "u",
    "name": "U",
    "kind": "customer",
    "language": "en",
    "languages": ["en"],
    "location": "here",
    "joined_days_ago": 1,
    "topics": ["firmware"],
    "avatar": {},
}


def article_folder(place, **changed):
    """Writes an article in four languages and returns its folder; ``changed`` replaces a language's version."""
    folder = place / "news" / "something"
    folder.mkdir(parents=True)
    head = {"slug": "something", "author": "mira", "days_ago": 5, "topics": ["firmware"]}
    (folder / "article.yaml").write_text(yaml.safe_dump(head))
    (folder / "codes.yaml").write_text(yaml.safe_dump({"c": {"language": "bash", "code": "ls"}}))
    for language in LANGUAGES:
        (folder / f"{language}.yaml").write_text(yaml.safe_dump(changed.get(language, VERSION)))
    return folder


def test_a_question_is_read_with_all_that_stands_under_it():
    entry = QUESTION | {
        "answers": [{"author": "a", "after": 2, "body": "c\nd", "comments": [{"author": "b", "body": "e\nf"}]}],
        "comments": [{"author": "b", "after": 1, "body": "g"}],
    }
    found = reading._question(entry, "en")
    assert (found.language, found.body, found.up, found.status) == ("en", "a b", 0, "")
    assert found.answers[0].body == "c d" and not found.answers[0].accepted
    assert found.answers[0].comments == [Comment(author="b", body="e f")]
    assert found.comments[0].after == 1


@pytest.mark.parametrize("missing", ["title", "author", "days_ago", "topics"])
def test_a_question_without_a_field_is_named(missing):
    entry = {name: value for name, value in QUESTION.items() if name != missing}
    with pytest.raises(ContentError, match=f"k: .*{missing}"):
        reading._question(entry, "en")


def test_a_misspelt_field_of_an_answer_is_named():
    entry = QUESTION | {"answers": [{"author": "a", "after": 1, "body": "b", "accept": True}]}
    with pytest.raises(ContentError, match=r"k: .*accept"):
        reading._question(entry, "en")


def test_an_article_is_read_in_each_language(tmp_path):
    article = reading._article(article_folder(tmp_path))
    assert (article.kind, article.key, article.slug) == ("news", "something", "something")
    assert tuple(article.versions) == LANGUAGES
    assert article.versions["en"].summary == "a b" and article.versions["ja"].summary == "ab"
    assert article.versions["ru"].blocks[1].value == Code(language="bash", code="ls")


def test_an_article_without_a_language_is_an_error(tmp_path):
    folder = article_folder(tmp_path)
    (folder / "ja.yaml").unlink()
    with pytest.raises(FileNotFoundError, match="ja"):
        reading._article(folder)


def test_an_article_with_an_unknown_block_says_in_which_file(tmp_path):
    folder = article_folder(tmp_path, ar=VERSION | {"blocks": [{"poem": "…"}]})
    with pytest.raises(ContentError, match=r"something/ar\.yaml.*poem"):
        reading._article(folder)


def test_an_article_with_an_unknown_field_says_in_which_file(tmp_path):
    folder = article_folder(tmp_path, ru=VERSION | {"subtitle": "x"})
    with pytest.raises(ContentError, match=r"something/ru\.yaml.*subtitle"):
        reading._article(folder)


def test_replies_to_comments_are_read(tmp_path):
    comments = [{"author": "a", "days_ago": 3, "body": "x", "replies": [{"author": "b", "after": 2, "body": "y\nz"}]}]
    article = reading._article(article_folder(tmp_path, en=VERSION | {"comments": comments}))
    (comment,) = article.versions["en"].comments
    assert comment.replies == [Comment(author="b", after=2, body="y z")]
    assert article.versions["ru"].comments == []


def test_a_member_speaks_in_her_own_language_only():
    person = reading._person(PERSON | {"bio": "Hello."})
    assert person.bio_in("en") == person.bio_in("ja") == "Hello."
    assert not person.staff


def test_staff_speak_in_each_language():
    person = reading._person(PERSON | {"kind": "staff", "bio": {"en": "Hello\nthere.", "ja": "こんに\nちは。"}})
    assert person.staff
    assert (person.bio_in("en"), person.bio_in("ja")) == ("Hello there.", "こんにちは。")
    with pytest.raises(KeyError):
        person.bio_in("ru")


def test_words_of_the_site_are_unwrapped_in_their_own_language():
    found = reading._site({"home": {"intro": {"en": "a\nb", "ja": "あ\nい"}}})
    assert found == {"home": {"intro": {"en": "a b", "ja": "あい"}}}


def test_the_content_is_read_once():
    assert read_content() is read_content()


PARAGRAPH = st.lists(st.text(alphabet="abcdeабвг", min_size=1, max_size=8), min_size=1, max_size=12)


@given(st.lists(PARAGRAPH, min_size=1, max_size=5), st.integers(min_value=1, max_value=4))
def test_wrapping_and_unwrapping_gives_the_text_back(paragraphs, per_line):
    whole = "\n\n".join(" ".join(words) for words in paragraphs)
    wrapped = "\n\n".join(
        "\n".join(" ".join(words[at : at + per_line]) for at in range(0, len(words), per_line)) for words in paragraphs
    )
    assert unwrapped(wrapped, "en") == whole


@given(st.lists(st.text(alphabet="あいうえ漢字。、", min_size=1, max_size=8), min_size=1, max_size=8))
def test_japanese_lines_join_without_a_blank(lines):
    assert unwrapped("\n".join(lines), "ja") == "".join(lines)


@given(st.lists(st.text(alphabet="ab {}:#>-|*", max_size=12), max_size=8))
def test_code_is_never_touched(lines):
    code = "\n".join(["```text", *lines, "```"])
    assert unwrapped(f"before\n\n{code}\n\nafter", "en") == f"before\n\n{code}\n\nafter"


@given(st.text(alphabet="ab -*1.|>#`\n", max_size=60), st.sampled_from(LANGUAGES))
def test_unwrapping_twice_changes_nothing_more(text, language):
    once = unwrapped(text, language)
    assert unwrapped(once, language) == once
