"""Every number that decides the order of results, in one place, for both engines."""

import hashlib
import math

from search.documents import DocumentKey, SearchDocument

# One field holds all of a document's text (title, body, answers); the others lift what matters more in it.
ALL_TEXT = 1.0
TITLE = 0.5
ANSWERS = 0.2
# The first two sentences of body and answers: what a text is about is said at its beginning.
OPENING = 0.4
# Of scripts without spaces half of it: with more, short Japanese queries lost.
OPENING_OF_RUNS = 0.2
ALL_TEXT_EXACT = 0.4
TITLE_EXACT = 0.2
# Pieces of words (four characters) lift documents with other forms of a word, misspelt ones, parts of compounds.
PIECES = 0.65
# Forms that the stemmers keep apart (Arabic broken plurals, Russian fleeting vowels), by their common key.
FORM_KEY = 0.3
# A query's rarest term counts fully, another one by this power of how rare it is beside it: .5 makes a term that is
# half as telling weigh .7, on top of what BM25 makes of it.
RARITY_POWER = 0.5
# Of scripts without spaces less: analyzers cut their words shorter, and rare cuts need not be telling words.
RARITY_POWER_OF_RUNS = 0.25
# Of a question being written: a term of the body alone, beside one of the title; and how often one of the title counts
# as said when the most telling terms are chosen.
BODY_TERM = 0.5
TITLE_TERM = 2.0
# A phrase quoted within a sentence, where its words stand side by side.
LIFTED_PHRASE = 0.4
# A document in a language the reader reads gains so much of what the query's terms are worth in a text of average
# length. A short text with all of them in its title comes to two or three times their worth: what holds half of the
# query leads in a language read, what hardly touches it does not. Each next language she reads gains a little less.
READS_LANGUAGE_SHARE = 1.2
NEXT_LANGUAGE = 0.9
# Words that no document holds are worth nothing, yet what they mean besides is found: a widened query is worth so much
# at least, about one rare word of a small community, or its results would not be led by the reader's languages.
MEANINGS_WORTH = 3.0
# The same where no query's worth is known: suggestions, and questions like one being written.
READS_LANGUAGE = 0.6
# BM25 of a term that a text of average length holds once, by its rarity: 1 with tantivy, which keeps BM25's factor
# (k1 + 1); Lucene leaves it out.
LUCENE_SCALE = 1 / 2.2

# What the termbase says that a query may mean besides, in a language that the reader reads, and in others.
SYNONYM = 0.9
TRANSLATION = 0.6
FROM_TERMBASE = ("synonym", "translation")
# A term of fewer words than it stands for makes up for them, up to this factor.
MOST_FOR_WORDS = 2.0
# What the typed words may have meant, beside the words themselves. A misspelt word's candidates share theirs by how
# likely each is; a rare word's count less, for it may be right, and so do those of a word whose stem is known.
MISSPELT = 0.9
RARE = 0.4
# That a word is two written as one, beside how likely a slip of the finger is.
SPLIT_LIKELIHOOD = 2.0
STEM_KNOWN = 0.4
LAYOUT = 0.9
SPLIT = 0.8
JOINED = 0.6
OTHER_KANA = 0.9
# A pair of characters that one without sense may stand for.
PAIR_MEANT = 0.8
# A protected term that stands there as it is spelt, beside what its words find by their stems.
PROTECTED_TERM = 0.5

ACCEPTED_PRIOR = 0.03
OFFICIAL_PRIOR = 0.05
VOTES_PRIOR = 0.01
OBSOLETE_PRIOR = -0.3
# The question stands, but each of its answers is outdated.
OBSOLETE_ANSWERS_PRIOR = -0.15
# What ages gains this for each year between 2010 and the last change to it: of two alike the one five years newer leads
# by two hundredths. It only compares, so that no document has to be written again as time goes by.
FRESHNESS_PRIOR = 0.004
AGEING_TYPES = frozenset({"question", "article"})
_FIRST_YEAR = 2010
_MOST_YEARS = 20
_SECONDS_A_YEAR = 365.25 * 86_400

# Room for so many kinds of document with the same number.
_KINDS = 1_024


def prior(document: SearchDocument) -> float:
    """Return the factor that relevance is multiplied by for what is known of a document before any query.

    Between .6 and 1.25: an accepted or official answer, votes and a late change lift a little, an obsolete one sinks.
    """
    value = 1.0
    value += ACCEPTED_PRIOR if document.accepted else 0.0
    value += OFFICIAL_PRIOR if document.official else 0.0
    if document.status == "obsolete":
        value += OBSOLETE_PRIOR
    elif document.obsolete:
        value += OBSOLETE_ANSWERS_PRIOR
    votes = max(-8.0, min(8.0, math.copysign(math.log2(1 + abs(document.score)), document.score)))
    return round(value + VOTES_PRIOR * votes + _freshness(document), 4)


def _freshness(document: SearchDocument) -> float:
    if document.type not in AGEING_TYPES:
        return 0.0
    years = 1970 + document.updated_at.timestamp() / _SECONDS_A_YEAR - _FIRST_YEAR
    return FRESHNESS_PRIOR * max(0.0, min(_MOST_YEARS, years))


def votes_rank(document: SearchDocument) -> int:
    """Return one whole number that sorts by votes, then by age (the newer first)."""
    score = max(-(2**30), min(2**30, document.score))
    return score * 2**32 + max(0, min(2**32 - 1, int(document.created_at.timestamp())))


def tie(key: DocumentKey) -> int:
    """Return a whole number of a document's own: among equals the greatest comes first, on every page alike.

    Numbered documents are in the order of their numbers, so that of those imported at once the later is first.
    """
    if key.id.isascii() and key.id.isdigit() and len(key.id) < 16:
        return int(key.id) * _KINDS + _digest(key.type) % _KINDS
    return _digest(key.uid)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def microseconds(document_time: float) -> int:
    """Return a POSIX time in whole microseconds, as the sort fields hold it."""
    return int(document_time * 1_000_000)
