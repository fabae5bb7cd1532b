"""What travels along the way of a question: each type is filled by one stage and read by the next.

    Message -> Reading -> Ranking -> Proposal -> Objection -> Decision -> Reply

Nothing here decides anything, and nothing here is imported from the stages.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from chatbot.intents.model import INTENT

if TYPE_CHECKING:
    from chatbot.intents.model import Intent
    from chatbot.knowledge.model import Citation, Entry
    from chatbot.language.amounts import Amount
    from chatbot.language.reading import Reading
    from chatbot.reply import Chart, Figure, Reply, ReplyKind, Subject
    from chatbot.retrieval.ranker import Scored


class Code(StrEnum):
    """How a reply came about: for programs. ``Why.rule`` says the same in words, and no program reads those."""

    NONE = "none"
    TOO_LONG = "too-long"
    EMPTY = "empty"
    NEAREST = "nearest-phrasings"
    CHOSEN = "chosen-question"
    TWO_QUESTIONS = "two-questions"
    TWO_THINGS = "two-things"
    COMPLETED = "completed"
    SAME_OCCUPATION = "same-occupation"
    OTHER_FIGURE = "last-figure-for-another"
    OTHER_ROW = "last-table-another-value"
    OTHER_SIBLING = "last-topic-another-value"
    SOURCES = "last-answer-sources"
    DATE = "last-answer-date"
    REASON = "last-answer-why"
    MORE = "last-answer-more"
    REPEAT = "last-answer-repeat"
    INTENT = "intent"
    NO_SUCH_ROW = "no-such-row"
    NO_FIGURE = "no-such-figure"
    WHICH_TITLE = "which-title"
    WHICH_COUNTRY = "which-country"
    WHICH_PLACE = "which-place"
    WHICH_CAREER = "which-career"
    NEAREST_TITLES = "nearest-titles"
    STAND_IN = "stand-in"
    TWO_CLOSE = "two-are-close"
    VETOED = "vetoed"
    NOTHING_NEAR = "nothing-near"
    NOT_SURE = "not-sure"
    NOT_SURE_AND_VETOED = "not-sure-and-vetoed"
    GARBLED = "garbled"
    NOT_ENGLISH = "not-english"


ABOUT_THE_LAST = frozenset({Code.SOURCES, Code.DATE, Code.REASON, Code.MORE, Code.REPEAT})
"""Codes of replies about the last answer itself."""
NO_QUESTION = frozenset({Code.EMPTY, Code.TOO_LONG})
"""Codes of replies to what holds no question."""


class Target(Struct, frozen=True):
    """One entity that is asked about: the code whose row tells it, what it was called, and what has to be
    said of that."""

    code: str
    called: str
    note: str = ""


class Choice(Struct, frozen=True):
    """A name that may mean several codes; ``doubtful``: the name as a whole is none, only a part of it is."""

    called: str
    codes: tuple[str, ...]
    doubtful: bool = False


class Query(Struct, frozen=True):
    """What is asked of one data set.

    ``where``: the values of each dimension, by its name ({"place": ("TX",)}). ``words``: the names of the
    figure words that were said. ``choice``: where it is not clear who is meant. ``group``: the code within
    which rows are put in order. ``position``: the one place in the order that is asked for, from 1; 0 for all.
    ``without``: the codes of entities, groups and places that are left out of it. ``kinds``: codes within a group that
    is told under a name which its members share. ``unit``: the unit told first. ``amount``: what is to be placed among figures. ``lacking``: what the question names and the
    data set does not have, by its kind.
    """

    dataset: str
    operation: str
    measure: str
    statistic: str
    targets: tuple[Target, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    group: str | None = None
    choice: Choice | None = None
    limit: int | None = None
    position: int = 0
    without: tuple[str, ...] = ()
    unit: str | None = None
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    amount: Amount | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """The values of the dimension of places."""
        return self.where.get("place", ())


class Force(StrEnum):
    """What an objection does to a proposal."""

    VETO = "veto"
    """The proposal is dropped; another may stand in."""
    DECLINE = "decline"
    """The question is understood, and the honest word on it is that this is not known."""
    ASK = "ask"
    """It has to be asked back which of a few is meant."""
    REQUIRE = "require"
    """The proposal must be surer than the policy wants otherwise."""
    NOTE = "note"
    """Something has to be said beside the answer."""


class Objection(Struct, frozen=True):
    """What a rule has against a proposal.

    ``rule``: its id. ``because``: in words that a person reads, as the rest of "I have ...". ``at_least``: of
    ``REQUIRE``, the probability, 0 to 1. ``intent``: the id of an intent whose reply says it better.
    ``quiet``: of a ``VETO``, not told as the reason. ``after``: of a ``NOTE``, it stands behind the answer.
    """

    rule: str
    force: Force
    because: str = ""
    at_least: float | None = None
    intent: str | None = None
    quiet: bool = False
    after: bool = False


class Told(Struct, frozen=True):
    """What an answerer tells: a text with its citations, or ``missing``, what there is no figure for.

    ``figures``: every number of a data set that the text tells. ``entry_ids``: the entries that it is made
    of.
    """

    text: str = ""
    citations: tuple[Citation, ...] = ()
    chart: Chart | None = None
    missing: str = ""
    figures: tuple[Figure, ...] = ()
    entry_ids: tuple[str, ...] = ()


class By(StrEnum):
    """The answerers."""

    ENTRY = "entry"
    TABLE = "table"
    LOOKUP = "lookup"
    INTENT = "intent"
    NEAREST = "nearest title"
    STAND_IN = "stand-in"
    ACT = "last answer"


class Proposal(Struct, frozen=True):
    """One possible reply: an entry, a row of a table, a query on a data set, an intent, or a question back.

    ``label``: the entry's id, or the intent's label. ``score``: the ranker's, and ``scored``: what it goes
    by. ``query`` and ``told`` are filled once it leads. ``codes``: of the titles that may be meant, under the
    name ``called``.
    """

    by: By
    label: str
    score: float = 0.0
    scored: Scored | None = None
    entry: Entry | None = None
    intent: Intent | None = None
    query: Query | None = None
    told: Told | None = None
    codes: tuple[str, ...] = ()
    called: str = ""
    rivals: tuple[Entry, ...] = ()
    """The lookups of several countries, where nothing tells which is meant."""
    beside: Proposal | None = None
    """What is told beside it, where nothing is against that."""

    @property
    def key(self) -> str:
        """Its name among the proposals of an attempt."""
        return f"{self.by}: {self.label}"


class Fallback(StrEnum):
    """Answerers that are asked where what ranks does not suffice."""

    TITLES = "titles"
    """Occupations that may be meant by a name that no title has."""
    DESCRIBED = "described"
    """The same, where an answer is sure enough, but the question may describe somebody."""
    STAND_INS = "stand-ins"
    """The figure of the nearest group, and then titles."""


Shares = tuple[float, ...] | None
"""How likely each intent is that is listened for, in their order; None where nothing was listened for."""


class Ranking(Struct, frozen=True):
    """What the ranker says of one reading: labels best first, and the entries and intents among them; and
    what is heard in it."""

    reading: Reading
    labels: tuple[Scored, ...] = ()
    heard: Shares = None

    @property
    def entries(self) -> tuple[Scored, ...]:
        """The entries, best first."""
        return tuple(scored for scored in self.labels if not scored.label.startswith(INTENT))

    @property
    def intents(self) -> tuple[Scored, ...]:
        """The intents, best first."""
        return tuple(scored for scored in self.labels if scored.label.startswith(INTENT))


class Decision(Struct, frozen=True):
    """What is chosen for one reading: the kind of reply, why, and what it is made of; the composer writes it.

    ``because``: the reason for declining, as the rest of "I have ...". ``near``: what is offered or asked
    back. ``note``: a reason in words beside the code. ``text``: what is said as it stands, where there is no
    proposal to tell. ``offers``: the suggestions, where they are known.
    """

    kind: ReplyKind
    code: Code
    confidence: float
    attempt: Attempt
    proposal: Proposal | None = None
    because: str = ""
    near: tuple[Proposal, ...] = ()
    note: str = ""
    text: str = ""
    offers: tuple[str, ...] | None = None
    objections: tuple[Objection, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether it claims a fact."""
        return self.kind == "answer"

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """The entries that an answer is made of."""
        if not self.answers or self.proposal is None:
            return ()
        return (
            self.proposal.told.entry_ids
            if self.proposal.told and self.proposal.told.entry_ids
            else (self.proposal.label,)
        )


class Attempt(Struct, eq=False):
    """One reading of a message on its way through the stages.

    ``code``: how it came about, ``note``: the same in words where that says more. ``rank_only``: nothing is
    decided, ``listen_only``: nor ranked. ``lead``: what is to be told, its query and text being filled and objected to in a round of their
    own; given from the start where nothing has to be ranked. ``sure``: how sure a given lead is. ``subject``: what another question of the same message names. ``keep``: a
    lookup is the one wanted though no word says so. ``fallback``: the further answerers that are asked.
    ``kept``: the proposals that nothing drops, best first; ``vetoes``: why those before them were dropped.
    """

    reading: Reading
    code: Code = Code.NEAREST
    note: str = ""
    ranking: Ranking | None = None
    rank_only: bool = False
    listen_only: bool = False
    lead: Proposal | None = None
    sure: float | None = None
    subject: Subject | None = None
    keep: bool = False
    fallback: Fallback | None = None
    proposals: tuple[Proposal, ...] = ()
    objections: dict[str, tuple[Objection, ...]] = field(default_factory=dict)
    kept: tuple[Proposal, ...] = ()
    vetoes: tuple[str, ...] = ()
    probability: float = 0.0
    decision: Decision | None = None

    @property
    def open(self) -> bool:
        """Whether a further round is needed."""
        return self.decision is None and not ((self.rank_only or self.listen_only) and self.ranking)

    @property
    def settled(self) -> Decision:
        """The decision, once it is made."""
        assert self.decision is not None
        return self.decision

    @property
    def ranked(self) -> Ranking:
        """The ranking, once it is made; empty where nothing was ranked."""
        return self.ranking or Ranking(self.reading)

    @property
    def intents(self) -> tuple[Proposal, ...]:
        """The intents proposed, best first."""
        return tuple(proposal for proposal in self.proposals if proposal.by is By.INTENT)

    def against(self, proposal: Proposal) -> tuple[Objection, ...]:
        """What rules have against a proposal."""
        return self.objections.get(proposal.key, ())


class Outcome(Struct, frozen=True):
    """What a message comes to: a decision, or two that are told together, and how the question counts for the
    next one."""

    decision: Decision
    read_as: str
    second: Decision | None = None
    code: Code | None = None
    headings: tuple[str, ...] = ()
    parts: tuple[Decision, ...] = ()
    """The decisions on the questions of one message, where not all of them have an answer, or there are more than two."""


class Turn(Struct, frozen=True):
    """One turn that is over: what was asked, how it was read, and what was said."""

    question: str
    read_as: str
    kind: str
    text: str
    entry_ids: tuple[str, ...] = ()
    citations: tuple[dict[str, Any], ...] = ()
    suggestions: tuple[str, ...] = ()
    code: str = ""
    subject: dict[str, str] | None = None
    """What it was about; see ``reply.Subject``."""


class Message(Struct, frozen=True):
    """What comes in: the text, the turns before it (None: a question asked alone), and the date of today."""

    text: str
    turns: Sequence[Turn] | None = None
    today: datetime.date = field(default_factory=datetime.date.today)
    subject: Subject | None = None
    """The subject in force: carried by the conversation, or chosen."""


Way = Generator[Sequence[Attempt], None, Outcome]
"""What is tried for one message, one lot of attempts after the other; each lot comes back decided."""


class Flow(Struct, eq=False):
    """A message on its way. ``pieces``: the readings of the whole, and of its halves where it asks two
    things; of each the likeliest first."""

    message: Message
    pieces: list[list[Reading]] = field(default_factory=list)
    way: Way | None = None
    attempts: Sequence[Attempt] = ()
    outcome: Outcome | None = None
    reply: Reply | None = None
