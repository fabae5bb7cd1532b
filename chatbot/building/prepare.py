"""What an engine needs besides an encoder, made from knowledge and intents once and kept (``snapshot.py``)
for later starts."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chatbot.datasets.store import Datasets, load_datasets
from chatbot.encoders.encoder import Encoder, Vectors
from chatbot.encoders.vectors import Progress, encode_cached
from chatbot.intents.model import Intent, listened_for
from chatbot.knowledge.mentions import Mentions, ReadWhenAsked, mentions
from chatbot.knowledge.model import Entry, Knowledge
from chatbot.language.facets import FacetReader
from chatbot.language.normalise import clean, sentences, simple_words
from chatbot.language.places import gazetteer
from chatbot.language.reading import Reader
from chatbot.language.spelling import counted
from chatbot.language.words import lists
from chatbot.library import Library
from chatbot.policy import policy
from chatbot.retrieval.calibration import Calibration
from chatbot.retrieval.coverage import Coverage, stems
from chatbot.retrieval.listening import Listener, fit
from chatbot.retrieval.ngrams import NgramIndex, NgramModel
from chatbot.retrieval.ranker import numbered
from chatbot.retrieval.regression import Regression

log = logging.getLogger(__name__)
FEW = 100
"""So many new phrasings are encoded again with the next version of the program rather than written to the
file of vectors now."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is read out of the words of the knowledge; of it, what belongs to entries that stay is taken over
    when others change."""

    words: Mapping[str, int]
    """The speller's vocabulary, with counts."""
    texts: tuple[str, ...]
    """What is matched, one a phrasing: the entries' questions, then the intents' examples."""
    coverage: Coverage
    answer_stems: Mapping[str, frozenset[str]]
    """The words of each entry's answer."""
    mentions: Mapping[str, Mentions]
    """What each entry speaks of."""
    plain_words: frozenset[str] = frozenset()
    """Words that entries use often, beside data by occupation: where such a word is also a title, it is
    seldom meant so."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything but the encoder. ``intents`` are those that the knowledge does not cover; ``vectors`` (n, d)
    are of ``wording.texts``.

    ``fitted``: the weights of the regression, float32 (d + 1, labels), or None where there is none.
    """

    knowledge: Knowledge
    intents: tuple[Intent, ...]
    calibration: Calibration
    wording: Wording
    vectors: Vectors
    ngrams: NgramModel
    """An ``NgramIndex`` where the phrasings are here, too."""
    fitted: Vectors | None
    data: Datasets | None = None
    title_vectors: Vectors | None = None
    """Of the data's titles (``Datasets.meant``), float32 (n, d)."""
    listener: Listener | None = None
    """By what intents are heard that are looked for in each sentence; None where there are none."""


def prepare(
    knowledge: Knowledge, intents: Sequence[Intent], calibration: Calibration, encoder: Encoder,
    cache: Path | None = None, progress: Progress | None = None, before: Prepared | None = None,
) -> Prepared:  # fmt: skip
    """Encode the phrasings and make the indexes. ``before``: of an earlier state of the knowledge; what has
    not changed is taken from it."""
    data = load_datasets(knowledge.packs)
    words = vocabulary(knowledge, intents, data)
    plain_words = used_otherwise(knowledge) if data else frozenset()
    reader = make_reader(knowledge, words, data, plain_words)
    same = before if before and _reads_alike(before.knowledge, knowledge) else None
    texts = _texts(knowledge, intents, reader, same)
    vectors = _vectors(texts, encoder, cache, progress, before)
    covered = covered_intents(intents, vectors)
    if covered:
        log.info("the knowledge covers %s: switched off", ", ".join(covered))
        kept = np.array([label not in covered for label in labels_of(knowledge, intents)])
        intents = [intent for intent in intents if intent.label not in covered]
        texts, vectors = tuple(text for text, keep in zip(texts, kept, strict=True) if keep), vectors[kept]
    names, ids = numbered(labels_of(knowledge, intents))
    fitted = Regression(vectors, ids, len(names)).weights
    titles = (
        encode_cached([title for title, _ in data.meant], encoder, cache, progress)
        if data and data.meant
        else None
    )
    wording = Wording(words, texts, *_read_entries(knowledge, texts, reader, same), plain_words)
    listener = listening(intents, texts, vectors, reader, encoder, cache, progress, before)
    return Prepared(
        knowledge, tuple(intents), calibration, wording, vectors, NgramIndex(texts), fitted, data, titles, listener
    )  # fmt: skip


def listening(
    intents: Sequence[Intent], texts: Sequence[str], vectors: Vectors, reader: Reader, encoder: Encoder,
    cache: Path | None = None, progress: Progress | None = None, before: Prepared | None = None,
) -> Listener | None:  # fmt: skip
    """The listener for intents that are looked for in each sentence and have posts; None where there are none.

    It is fitted to the posts and to ``texts`` (n,), the knowledge's phrasings, all harmless, and then the
    intents' examples, with their ``vectors`` (n, d). The one of ``before`` is taken where the intents are the
    same: other knowledge makes it no other one that matters, and fitting takes seconds.
    """
    heard = listened_for(intents)
    if not heard:
        return None
    if before and before.listener and before.intents == tuple(intents):
        return before.listener
    numbers = policy().listening
    class_of = {label: number for number, label in enumerate(heard, 1)}
    first = len(texts) - sum(len(intent.examples) for intent in intents)  # before it, the knowledge's own
    classes = [0] * first + [class_of.get(i.label, 0) for i in intents for _ in i.examples]
    weights = [numbers.other] * first
    weights += [numbers.example if i.posts else numbers.other for i in intents for _ in i.examples]
    posts, post_classes, post_weights = [], [], []
    for intent in intents:
        for post in intent.posts:
            harmless = intent.label not in class_of
            parts = sentences(clean(post)) if harmless else []  # in distress not every sentence says so
            said = [post, *(parts if parts[1:] else ())]
            posts += [reader.match_text(reader.expand(text)) for text in said]
            post_classes += [class_of.get(intent.label, 0)] * len(said)
            post_weights += [1.0, *[numbers.part] * (len(said) - 1)]
    more = encode_cached(posts, encoder, cache, progress)
    return fit([*texts, *posts], np.vstack([vectors, more]), classes + post_classes, weights + post_weights)


def make_library(knowledge: Knowledge, intents: Sequence[Intent]) -> Library:
    """What rules look at, without an encoder: of an entry, what it speaks of is read when it is first asked
    for."""
    data = load_datasets(knowledge.packs)
    plain_words = used_otherwise(knowledge) if data else frozenset()
    reader = make_reader(knowledge, vocabulary(knowledge, intents, data), data, plain_words)
    return Library(knowledge, intents, reader, data, ReadWhenAsked(knowledge.by_id, reader), plain_words)


def shown_of(knowledge: Knowledge, intents: Sequence[Intent]) -> list[str]:
    """Every phrasing, as its author wrote it."""
    return [text for entry in knowledge.entries for text in entry.matched] + [
        text for intent in intents for text in intent.examples
    ]


def labels_of(knowledge: Knowledge, intents: Sequence[Intent]) -> list[str]:
    """The label of every phrasing."""
    own = [entry.id for entry in knowledge.entries for _ in entry.matched]
    return own + [intent.label for intent in intents for _ in intent.examples]


def vocabulary(
    knowledge: Knowledge, intents: Sequence[Intent], data: Datasets | None = None
) -> dict[str, int]:
    """The words that typing errors are put right to, with counts."""
    numbers = policy().preparing
    texts = [text for entry in knowledge.entries for text in (*entry.questions, entry.answer)]
    seen = Counter(
        word for intent in intents for example in intent.examples for word in set(simple_words(example))
    )
    # what stands there once may be a slip, or gibberish
    texts += [word for word, count in seen.items() if count > 1]
    texts += [example for intent in intents if intent.kind == "smalltalk" for example in intent.examples]
    named = (word for title, _ in data.meant for word in simple_words(title)) if data else ()
    texts += [word for word in named if len(word) >= numbers.title_letters]
    said = lists()  # "arent" is no "agent"
    known = (said.going_on.slang, said.quantities.divisions, said.facets.negations, said.changes.turning)
    words = counted([*texts, *(word for listed in known for word in listed)])
    if data:  # a state with a typing error must not go unseen: the answer would be the nation's
        words |= {
            word: max(numbers.state_count, words.get(word, 0))
            for name in gazetteer().states
            for word in simple_words(name)
        }
    return words


def make_reader(
    knowledge: Knowledge,
    words: Mapping[str, int],
    data: Datasets | None = None,
    plain_words: frozenset[str] = frozenset(),
) -> Reader:
    """A reader that knows the words of the knowledge, the packs' roles, the occupations and fields listed,
    and the data's titles."""
    language = knowledge.language
    regions = data.regions if data else None
    roles = [(name, pack.role[0]) for pack in knowledge.packs for name in pack.role]
    own = [term for pack in knowledge.packs for term in pack.own_terms]
    others = (*language.occupations, *language.fields)
    titles = data.titles if data else None
    careers = [
        (word, pack.id) for pack in knowledge.packs if pack.role for word in (*pack.role, *pack.field_words)
    ]
    subjects = [word for entry in knowledge.entries for word in entry.subject]
    facets = FacetReader(language.facets, roles, own, others, titles, plain_words, regions, careers, subjects)
    return Reader(
        facets, language.abbreviations, words, known=others, strict=language.strict, titles=titles,
        periods=data.periods if data else (), regions=regions, figure_words=data.words if data else None,
        groups=data.groups if data else None,
    )  # fmt: skip


def used_otherwise(knowledge: Knowledge) -> frozenset[str]:
    """Words that the packs' own entries use often; where such a word is also a title ("model"), it is seldom
    meant so.
    """
    texts = (
        text for entry in knowledge.entries if not entry.lookup for text in (*entry.questions, entry.answer)
    )
    return frozenset(
        word for word, count in counted(texts).items() if count >= policy().preparing.used_otherwise
    )


def covered_intents(intents: Sequence[Intent], vectors: Vectors) -> list[str]:
    """The labels of the neutral out-of-scope intents that the knowledge does answer: most of their examples
    are close to a phrasing of it.

    ``vectors`` (n, d): of the knowledge's phrasings, then of the examples of each intent.
    """
    ends = (
        len(vectors)
        - sum(len(intent.examples) for intent in intents)
        + np.cumsum([0, *(len(intent.examples) for intent in intents)])
    )
    own = vectors[: ends[0]]
    covered = []
    for intent, start, end in zip(intents, ends[:-1], ends[1:], strict=True):
        if intent.kind == "unknown" and intent.neutral and len(own) and start < end:
            nearest = (vectors[start:end] @ own.T).max(axis=1)
            numbers = policy().preparing
            enough = numbers.background_covered if intent.background else numbers.covered
            covered += [intent.label] if np.median(nearest) > enough else []
    return covered


def _vectors(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path | None,
    progress: Progress | None,
    before: Prepared | None,
) -> Vectors:
    """Of texts that were there before, what they had; few new ones are encoded without looking at the cache's
    file of vectors."""
    rows = {text: row for row, text in enumerate(before.wording.texts)} if before else {}
    new = list(dict.fromkeys(text for text in texts if text not in rows))
    if not before or len(new) > FEW:
        return encode_cached(texts, encoder, cache, progress)
    made = np.vstack([before.vectors, encode_cached(new, encoder, None, progress)]) if new else before.vectors
    rows |= {text: len(before.vectors) + i for i, text in enumerate(new)}
    return made[[rows[text] for text in texts]]


def _reads_alike(before: Knowledge, now: Knowledge) -> bool:
    """Whether words are read as before: the same facets, abbreviations, roles and occupations."""
    same = before.language == now.language and _named_by(before) == _named_by(now)
    return same and not any(pack.datasets for pack in now.packs)  # titles may have changed: all is read anew


def _named_by(knowledge: Knowledge) -> list[object]:
    """The words by which the packs and single entries are named."""
    packs = [(pack.role, pack.own_terms, pack.field_words, pack.datasets) for pack in knowledge.packs]
    return [packs, [entry.subject for entry in knowledge.entries if entry.subject]]


def _texts(
    knowledge: Knowledge, intents: Sequence[Intent], reader: Reader, before: Prepared | None
) -> tuple[str, ...]:
    known: dict[str, str] = {}
    if before:
        known = dict(zip(shown_of(before.knowledge, before.intents), before.wording.texts, strict=True))
    marked = zip(shown_of(knowledge, intents), labels_of(knowledge, intents), strict=True)
    looked_up = looked_up_labels(knowledge, intents)
    read = (reader.alike if label in looked_up else reader.match_text for _, label in marked)
    return tuple(
        known.get(text) or to_match(reader.expand(text))
        for text, to_match in zip(shown_of(knowledge, intents), read, strict=True)
    )


def looked_up_labels(knowledge: Knowledge, intents: Sequence[Intent]) -> frozenset[str]:
    """The labels that are matched with occupations and places made alike: lookups, and the intents beside
    them."""
    return frozenset(
        [entry.id for entry in knowledge.entries if entry.lookup] + [i.label for i in intents if i.beside]
    )


def _read_entries(
    knowledge: Knowledge, texts: Sequence[str], reader: Reader, before: Prepared | None
) -> tuple[Coverage, Mapping[str, frozenset[str]], Mapping[str, Mentions]]:
    listed: dict[str, list[str]] = {}
    place = 0
    for entry in knowledge.entries:
        answer = entry.answer if entry.lookup else reader.match_text(reader.expand(entry.answer))
        listed[entry.id] = [*texts[place : place + len(entry.matched)], answer]
        place += len(entry.matched)
    kept = {
        entry.id
        for entry in knowledge.entries
        if before and _same(before.knowledge.by_id.get(entry.id), entry)
    }
    known = before.wording if before else None
    told = {
        e.id: known.mentions[e.id] if known and e.id in kept else mentions(e, reader)
        for e in knowledge.entries
    }
    answers = {entry.id: frozenset(stems(entry.answer)) for entry in knowledge.entries}
    return Coverage.over(listed, known.coverage.only(kept) if known else None), answers, told


def _same(before: Entry | None, now: Entry) -> bool:
    """Whether an entry's own words are as they were."""
    return before is not None and (before.questions, before.answer) == (now.questions, now.answer)
