"""What the words of a question say of figures: whether they are asked for, of whom, and whether anybody has
heard of that."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from chatbot.datasets.model import Dataset
from chatbot.datasets.names import plain
from chatbot.intents.model import INTENT
from chatbot.knowledge.model import Entry
from chatbot.language.amounts import amounts
from chatbot.language.chart import Chart, Kind, Span
from chatbot.language.leftout import function_words
from chatbot.language.normalise import parts, simple_words
from chatbot.language.places import gazetteer
from chatbot.language.reading import Reading
from chatbot.language.scopes import Kind as Scoped
from chatbot.language.words import either, english, lists
from chatbot.library import Library, who_earns

ASKS = "asks"
"""The facet of what kind of answer is asked for."""
OF_FIGURES = {"money", "count", "hour", "range", "quarters", "figures"}
"""Names of words (in a data set) that say that figures are asked for."""
OF_PAY = {"money", "count"}
"""Those of pay and of numbers of people, for which there are words besides."""
COUNTS = {"count"}
"""Those of numbers of people alone."""
OF_TEXTS = {"facts"}
"""Names of words that say that what a data set tells in texts, lists, shares or ratings is asked for."""


def speaks_of_figures(library: Library, reading: Reading, dataset: Dataset | None = None) -> bool:
    """Whether any word of a question speaks of pay or of numbers of people; of a data set: of what its words say that it
    holds."""
    if library.data is None:
        return False
    of = OF_FIGURES if dataset is None else OF_FIGURES & dataset.words.keys()
    paid = "$" in reading.typed or {"pay", "headcount"} & set(reading.facets.get("asks")) or says_pay(reading)
    paid = paid or _asks_of_an_amount(library, reading)
    two = reading.facets.comparison and len(reading.facets.occupations) > 1
    if two or (paid and (dataset is None or tells_pay(dataset))):
        return True
    return _names(reading, of)


def _asks_of_an_amount(library: Library, reading: Reading) -> bool:
    """Whether a few words beside an occupation and a place hold an amount: "is 100k good"."""
    words = [word for word in reading.chart.without(Kind.TITLE, Kind.PLACE) if word]
    short = len(words) <= library.policy.subject.short_pay
    return short and any(_amount().fullmatch(word) and not word.isdigit() for word in words)


def tells_pay(dataset: Dataset) -> bool:
    """Whether a data set is of money, or of numbers of people that it has words for."""
    return bool(dataset.currencies or OF_PAY & dataset.words.keys())


def asks_other_data(library: Library, reading: Reading, dataset: Dataset) -> bool:
    """Whether the words of a question speak of the figures of another data set of the same entity, and not of pay or
    of the figures of this one; numbers of people may be of either."""
    if library.data is None:
        return False
    own = OF_FIGURES & dataset.words.keys()
    if _names(reading, own - COUNTS) or (tells_pay(dataset) and says_pay(reading)):
        return False
    others = [
        one for one in library.data.datasets if one is not dataset and one.entity.name == dataset.entity.name
    ]
    of = {name for one in others for name in (OF_FIGURES | OF_TEXTS) & one.words.keys()} - own - COUNTS
    return _names(reading, of) or (any(map(tells_pay, others)) and says_pay(reading))


def asks_anew(library: Library, reading: Reading, entry: Entry) -> bool:
    """Whether a message has a word for what another data set than that of a lookup tells, or for what any tells in texts:
    then it is no mere change of what was looked up."""
    if library.data is None or says_pay(reading):
        return False
    own, free = library.data.of(entry), reading.chart.without(Kind.TITLE, Kind.PLACE)
    spoken = [
        dataset
        for dataset in library.data.datasets
        if any(
            (OF_FIGURES | OF_TEXTS) & set(match.value)
            for match in library.data.figure_words(dataset).find(free)
        )
    ]
    texts = entry.lookup is not None and entry.lookup.kind == "facts"
    return bool(spoken) and (texts or own not in spoken)


def asks_beyond(library: Library, reading: Reading, dataset: Dataset) -> bool:
    """Whether a question that does not speak of pay has a word for what a data set does not hold, and another pack does:
    so that no intent says that it is not held."""
    if library.data is None or says_pay(reading):
        return False
    words = reading.chart.without(Kind.TITLE, Kind.PLACE)
    named = {match.value for match in library.data.beyond_words(dataset).find(words)}
    return any(f"{INTENT}{name}" not in library.intents for name in named)


def _names(reading: Reading, of: AbstractSet[str]) -> bool:
    return any(_speaks(reading.chart, span, of) for span in reading.chart.spans)


def says_pay(reading: Reading) -> bool:
    """Whether a word of pay stands where it speaks of pay, outside of titles."""
    chart, said = reading.chart, lists()
    titles = chart.under(Kind.TITLE)
    paid = said.facets.pay - said.nearest.for_something if _pays_for(reading) else said.facets.pay
    return any(
        word in said.figures.speaking or (word in paid and _of_pay(chart, i, i + 1))
        for i, word in enumerate(chart.words)
        if i not in titles
    )


def _pays_for(reading: Reading) -> bool:
    """Whether somebody pays for something, which is no occupation's pay: "do they pay for the visa"."""
    chart, words = reading.chart, reading.words
    for i, word in enumerate(words[:-2]):
        if word in lists().nearest.for_something and words[i + 1] == "for":
            at = i + 3 if words[i + 2] in lists().facets.articles else i + 2
            return not chart.starts(at, Kind.TITLE)
    return False


def _speaks(chart: Chart, span: Span, of: AbstractSet[str]) -> bool:
    """Whether a word of figures of these names speaks of them where it stands."""
    if span.kind is not Kind.FIGURE or of.isdisjoint(span.names):
        return False
    return span.end - span.start > 1 or _of_pay(chart, span.start, span.end)


def _of_pay(chart: Chart, start: int, end: int) -> bool:
    """Whether a word that may speak of pay does so, by what stands behind it: "get in Texas", no "get in"."""
    said = lists().figures
    if chart.words[start] not in said.of_pay_or_not or chart.starts(end + 1, Kind.PLACE):
        return True
    behind = chart.words[end : end + 2]
    if _still_of_pay().match(" ".join(behind)):
        return True
    articles = behind[:1] and behind[0] in lists().facets.articles
    return not set(behind[1:] if articles else behind[:1]) & said.not_of_pay


def asks_for_figures(library: Library, reading: Reading) -> bool:
    """Whether a question asks for pay or numbers of people in so many words: "get" and "worth" are too little."""
    plainly = {"pay", "headcount"} & set(reading.facets.get("asks")) or "$" in reading.typed
    known, words = lists().nearest, (*reading.words, "")
    paid = any(
        word in known.paid and after not in known.not_paid for word, after in itertools.pairwise(words)
    )
    return library.data is not None and bool(plainly or paid or counts(reading))


def other_career(library: Library, reading: Reading) -> str | None:
    """The name of somebody whom no title names ("plant engineer"), where no loaded career is named."""
    if reading.facets.careers or reading.facets.occupations:
        return None
    words = reading.words
    for before, word in itertools.pairwise(words):
        named = plain(word) in library.doers and before not in function_words()
        if named and before not in library.harmless and before not in lists().subject.of_any_career:
            return f"{before} {word}"
    return None


def other_field(reading: Reading) -> str | None:
    """A field of study that is named by more than one word ("electrical engineering"), where no career is."""
    named = (
        field for field in reading.facets.fields if " " in field and field not in reading.facets.own_subjects
    )
    return None if reading.facets.careers else next(named, None)


def of_any_career(library: Library, reading: Reading) -> bool:
    """Whether a short question is made of words that a question of any career may hold."""
    known = lists().subject.of_any_career
    short = len(reading.words) <= library.policy.subject.short
    return short and all(word in function_words() or word in known for word in reading.words)


def goes_beyond(library: Library, reading: Reading) -> bool:
    """Whether a question has a word for what the figures do not hold: hours, outlook, ..."""
    if library.data is None:
        return False
    words = reading.chart.without(Kind.TITLE, Kind.PLACE)
    return any(library.data.beyond_words(dataset).find(words) for dataset in library.data.datasets)


def pay_of_nobody(library: Library, reading: Reading) -> bool:
    """Whether a short question is of pay, or of an amount, and names nobody whose pay that would be."""
    facets, numbers, known = reading.facets, library.policy.subject, lists().subject.of_any_career
    signed = {i for i, word in enumerate(reading.words) if f"${word}" in reading.typed}
    amounts = signed | {i for i, word in enumerate(reading.words) if _amount().fullmatch(word)}
    if library.data is None or facets.careers or facets.occupations or facets.subjects or facets.fields:
        return False
    if len(reading.words) > (numbers.short if amounts else numbers.short_pay) or facets.get("organisation"):
        return False
    if not amounts and lists().facets.pay.isdisjoint(reading.words):
        return False
    places = reading.chart.under(Kind.PLACE)
    return all(
        i in amounts or i in places or word in function_words() or word in known
        for i, word in enumerate(reading.words)
    )


def speaks_of_else(library: Library, entry: Entry, reading: Reading, called: Sequence[str] = ()) -> bool:
    """Whether a question has words that nothing accounts for, beside those that any question, or one of a
    lookup's own phrasings, may hold; ``called``: words of a name that is known to be none."""
    known = library.measure_words(entry).union(map(plain, called))
    return any(
        not (word.isdigit() or word in function_words() or word in gazetteer().names or plain(word) in known)
        for word in reading.chart.loose()
    )


def not_counted(library: Library, entry: Entry, reading: Reading, counting: bool = False) -> tuple[str, ...]:
    """What a question says that a figure takes no account of: its words, in the order in which they
    stand, those that stand together as one.

    ``counting``: only those that stand in the sentence in which something is counted, behind the words that ask so.
    """
    chart, tokens = reading.chart, parts(reading.text)
    taken = chart.under(Kind.TITLE, Kind.PLACE, Kind.ANY_PLACE, Kind.ROLE)
    own = library.data.of(entry).words.keys() if library.data and entry.lookup else frozenset()
    telling = set(own) - OF_TEXTS - library.names_elsewhere(entry)
    figures = [
        span for span in chart.spans if span.kind is Kind.FIGURE and not telling.isdisjoint(span.names)
    ]
    taken |= {i for span in figures for i in range(span.start, span.end)}
    taken |= {i for span in chart.spans if span.names == (ASKS,) for i in range(span.start, span.end)}
    periods = library.data.periods if library.data else ()
    known = library.measure_words(entry) | {word for period in periods for word in simple_words(period)}
    ranks = entry.lookup is not None and entry.lookup.kind == "ranking"
    said = {word for scope in reading.scopes for word in simple_words(scope.text)}
    if entry.lookup and entry.lookup.at_a_glance:
        said |= lists().glance.words
    if entry.lookup and entry.lookup.kind == "amount":
        said |= {word for one in amounts(reading.text) for word in simple_words(one.text)}
        said |= {word for text in lists().amounts.placing for word in text.split()} | lists().amounts.beside
    loose = [
        i
        for i, word in enumerate(chart.words)
        if i not in taken
        and word not in said
        and word not in function_words()
        and plain(word) not in known
        and word not in lists().asked.harmless
        and word not in lists().going_on.slang
        and not (ranks and counts_rows(word))
        and not (
            word in lists().going_on.digits
            and (chart.starts(i + 1, Kind.TITLE) or chart.starts(i + 1, Kind.PLACE))
        )
    ]
    if counting:
        begins = max((span.end for span in figures if "count" in span.names), default=0)
        ends = min((i for i in reading.beginnings if i > begins), default=len(chart.words))
        loose = [i for i in loose if begins <= i < ends and chart.words[i] not in lists().asked.counted]
    stretches: list[list[int]] = []
    for i in loose:
        if stretches and i == stretches[-1][-1] + 1:
            stretches[-1].append(i)
        else:
            stretches.append([i])
    typed = {right: wrong for wrong, right in reading.corrections}
    tokens = [typed.get(token, token) for token in tokens]
    scoped = [] if counting else [scope.text for scope in reading.scoped(Scoped.MONEY, Scoped.CONDITION)]
    return (*scoped, *(" ".join(tokens[stretch[0] : stretch[-1] + 1]) for stretch in stretches))


def asks_of_the_work(reading: Reading) -> bool:
    """Whether a question about an occupation says nothing but that something is asked of it ("what does a
    plumber do"), or names its like.
    """
    left = set(reading.chart.left(Kind.TITLE, Kind.PLACE))
    said = lists().figures
    return bool(left & said.like) or bool(left & said.asking and left <= function_words())


def only_names(reading: Reading) -> bool:
    """Whether a question says nothing but the name of an occupation, or of a place: "and nurses in Ohio?"."""
    return set(reading.chart.left(Kind.TITLE, Kind.PLACE, Kind.ANY_PLACE)) <= lists().titles.beside


def counts(reading: Reading) -> bool:
    """Whether numbers of people are asked for."""
    return "count" in reading.chart.names()


def _plainly_of_pay(reading: Reading) -> bool:
    """Whether a question is plainly one of pay: "what does an entry level baker make"."""
    names = reading.chart.names()
    made = "money" in names and not names.isdisjoint({"low", "mean", "quarters", "hour"})
    return made or "pay" in reading.facets.get("asks") or "$" in reading.typed


def may_look_up(entry: Entry, reading: Reading) -> bool:
    """Whether a question names what a lookup needs: an occupation, for most of them, and its words.

    A lookup that needs no occupation goes on from nothing, so what refers to something named before does not
    ask for it.
    """
    assert entry.lookup
    if not entry.lookup.needs_occupation and _refers().search(reading.text):
        return False
    if entry.lookup.needs_occupation and not reading.facets.occupations:
        return False
    if entry.lookup.kind == "facts" and _plainly_of_pay(reading):
        return False
    return not entry.lookup.only_with or not reading.chart.names().isdisjoint(entry.lookup.only_with)


def lacks_a_second(entry: Entry | None, reading: Reading) -> bool:
    """Whether a lookup compares two occupations, and one at most is named."""
    lookup = entry.lookup if entry else None
    return lookup is not None and lookup.of_two and len(reading.facets.occupations) < 2


def describes(reading: Reading) -> bool:
    """Whether a question of pay speaks of a person without a title."""
    return "pay" in reading.facets.get("asks") and not lists().nearest.persons.isdisjoint(reading.words)


def counts_rows(word: str) -> bool:
    """Whether a word is a number: how many rows are asked for, say."""
    return word.isdigit() or word in lists().asked.counts


def stray(library: Library, entry: Entry, reading: Reading) -> tuple[str, ...]:
    """Words of a question that stand in no phrasing of a lookup, and name no place, number or group: it is
    about something else."""
    assert library.data
    taken = set(reading.chart.under(Kind.PLACE, Kind.FIGURE))
    taken |= {i for group in library.data.groups.find(reading.words) for i in range(group.start, group.end)}
    known = library.measure_words(entry)
    harmless = function_words() | lists().asked.harmless | lists().going_on.slang
    left = (
        word
        for i, word in enumerate(reading.words)
        if i not in taken and not counts_rows(word) and word not in harmless
    )
    least = library.policy.words.everyday
    return tuple(word for word in left if plain(word) not in known and english().get(word, least) >= least)


def unheard(library: Library, reading: Reading) -> str | None:
    """Whose pay a question asks for, where that is a word that nothing loaded has to do with; only beside
    data by occupation."""
    facets = reading.facets
    named = facets.own_role or facets.occupations or facets.subjects
    if library.data is None or "pay" not in facets.get("asks") or named:
        return None
    text = " ".join(reading.words)
    words = [match[1] for pattern in _of_what() for match in pattern.finditer(text)] + who_earns(text)
    typed = dict(reading.corrections)  # of a name, what was typed counts, not what it was taken for
    names = {right.lower(): wrong for wrong, right in typed.items() if wrong[:1].isupper()}
    return next((names.get(word, word) for word in words if word in names or not _heard(library, word)), None)


def stranger(library: Library, reading: Reading) -> str | None:
    """Who is asked what they earn, where no way of asking without an occupation says so ("what do tables
    earn"), or None.
    """
    text = " ".join(reading.words)
    return next(
        (word for word in who_earns(text) if word not in library.earners and word not in function_words()),
        None,
    )


def _heard(library: Library, word: str) -> bool:
    if word in function_words() or word in library.usual or word.isdigit() or word in gazetteer().names:
        return True
    return word in library.plain_words or plain(word) in library.plain_words


@cache
def _amount() -> re.Pattern[str]:
    """An amount of money without a sign before it: 100k, 52,000."""
    return re.compile(r"\d[\d.,]*k|\d{2,3},?\d{3}")


@cache
def _still_of_pay() -> re.Pattern[str]:
    """What stands behind a word of pay and makes nothing else of it: "make these days"."""
    return re.compile(rf"{either(lists().figures.still_of_pay)}\b")


@cache
def _refers() -> re.Pattern[str]:
    """What refers to something named before."""
    said = lists().figures
    return re.compile(
        rf"\b(?:{either(said.referring)}|which (?:one |is |of )?(?:\w+ )?{either(said.which_is)})\b", re.I
    )


@cache
def _of_what() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where a question of pay names whose pay it is."""
    said = lists().figures
    return (
        re.compile(
            rf"\b{either(said.pay_of)} (?:of|for) (?:an? |the )?(?:\w+ )??(\w+)(?= in\b| per\b|[?.!]|$)"
        ),
        re.compile(rf"^(?:\w+ )?(\w+) {either(said.pay_after)}\b"),
    )
