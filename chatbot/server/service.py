"""What the addresses have in common: the bot, its batches, the conversations, limits and figures."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from chatbot.conversation import VERSION, career_kept
from chatbot.encoders.session import thread_count
from chatbot.encoders.vectors import Progress
from chatbot.errors import CareerError, ChatbotError, ConversationError
from chatbot.server.batching import Batcher
from chatbot.server.conversations import NO_TURNS, MemoryStore, Store
from chatbot.server.limiting import Limiter
from chatbot.server.logs import NAME
from chatbot.server.metrics import Metrics
from chatbot.server.pagefiles import page_files
from chatbot.server.problems import UnavailableError
from chatbot.server.settings import MEMORY, ServiceSettings

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.conversation import Conversation
    from chatbot.reply import Reply

T = TypeVar("T")
Maker = Callable[[Progress], "CareerBot"]
log = logging.getLogger(NAME)
LOADING = "the bot is still being loaded"
_BUSY = "too many messages to this conversation at once"
UNABLE = "the bot can't answer just now"
TRIES = 5
"""So often a message is answered anew because another process wrote into its conversation meanwhile."""
LEAVING = 2.0
"""Seconds that a bot that is still being loaded has to notice the end."""
CHECKED = 1.0
"""For so many seconds the last look at index and store counts."""


class _LeavingError(Exception):
    """The service ends while the bot is being loaded."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """A reply on its way out: its kind and its JSON."""

    kind: str
    body: bytes

    @classmethod
    def of(cls, reply: Reply) -> Answered:
        """In the thread that made the reply, not in the event loop."""
        return cls(str(reply.kind), msgspec.json.encode(reply.to_dict()))


class Asked(NamedTuple):
    """A question by itself, and what it is about where it names nothing."""

    question: str
    career: str | None = None


class Chosen(NamedTuple):
    """The name of the career that a conversation is about, or None."""

    career: str | None


class Service:
    """One of it in an app, as ``app.state.service``."""

    def __init__(self, bot: CareerBot | Maker, settings: ServiceSettings) -> None:
        """``bot``: given, or made in a thread of its own when the app starts; until then the service is up,
        but not ready."""
        self.settings = settings
        self.metrics = Metrics()
        self.limiter = Limiter(settings.rate, settings.burst)
        self.files = page_files()
        self.store = _store(settings)
        self.draining = False
        self.under_way = 0
        self.failure: Exception | None = None
        self.loading = False
        self._make = bot if callable(bot) else None
        self._bot: CareerBot | None = None if callable(bot) else bot
        threads = thread_count()
        self._batcher = Batcher(self._answer, observe=self.metrics.batches.observe)
        self._pool = ThreadPoolExecutor(threads, "conversing")
        self._turns: dict[bytes, tuple[asyncio.Lock, int]] = {}
        self._checked = (0.0, "")
        self._looking: asyncio.Task[str] | None = None
        self._told = False

    @property
    def bot(self) -> CareerBot:
        """Raises ``UnavailableError`` where it is not there yet."""
        if self._bot is None:
            raise UnavailableError(LOADING)
        return self._bot

    @asynccontextmanager
    async def running(self, failed: Callable[[], None] | None = None) -> AsyncIterator[None]:
        """While the app runs: load the bot beside it, and let go of everything at its end. ``failed`` is
        called where no bot could be made."""
        loading = (
            asyncio.create_task(self._load(self._make, failed)) if self._make and self._bot is None else None
        )
        try:
            yield
        finally:
            self.draining = True
            if loading:
                await asyncio.wait([loading], timeout=LEAVING)
            self._batcher.close()
            self._pool.shutdown(wait=False)
            if self._make and self._bot:  # one that was given is its giver's
                self._bot.close()
            if self.store:
                await self.store.close()

    async def _load(self, make: Maker, failed: Callable[[], None] | None) -> None:
        started = time.perf_counter()
        self.loading = True
        try:
            self._bot = await asyncio.get_running_loop().run_in_executor(self._pool, make, self._preparing)
        except _LeavingError:
            return
        except Exception as error:
            self.failure = error
            if failed is None:
                log.error("the bot can't be loaded: %s", error, exc_info=not isinstance(error, ChatbotError))
            else:
                failed()
            return
        finally:
            self.loading = False
        log.info("ready", extra={"fields": {"seconds": round(time.perf_counter() - started, 1)}})

    def _preparing(self, done: int, total: int) -> None:
        if self.draining:
            raise _LeavingError
        if not self._told:
            self._told = True
            log.info("preparing the model and the knowledge; this is kept for the next start")

    # answers

    async def ask(self, question: str, career: str | None = None) -> Answered:
        """The reply to a question by itself; raises ``CareerError`` for a career that is unknown or not clear."""
        self._admit()
        if career is not None:
            await self.beside(self.bot.career, career)
        try:
            answered = await self._batcher.ask(Asked(question, career))
        except CareerError:  # what was known a moment ago
            raise
        except ChatbotError as error:
            raise _unavailable(error) from error
        self.metrics.replies.labels(answered.kind).inc()
        return answered

    async def say(self, key: bytes, owner: bytes | None, question: str) -> Answered | None:
        """The reply to a message of a conversation; None where there is no such conversation. Messages of one
        come one after the other."""
        self._admit()
        async with self._turn(key):
            for _ in range(TRIES):
                before = await self.conversations.turns(key, owner)
                if before is None:
                    return None
                answered, turns = await self.beside(self._converse, before.data, question)
                message = b'{"question":%b,"reply":%b}' % (msgspec.json.encode(question), answered.body)
                if await self.conversations.append(key, before, turns, message):
                    self.metrics.replies.labels(answered.kind).inc()
                    return answered
        raise UnavailableError(_BUSY)

    async def begin(self, key: bytes, owner: bytes | None, career: str | None) -> str | None:
        """Begin a conversation; the name of the career that it is about."""
        if career is None and self._bot is None:  # the bot's own career is asked for with the first message
            await self.conversations.create(key, owner)
            return None
        chat = await self.beside(self.bot.conversation, career)
        await self.conversations.create(key, owner, _kept(chat))
        return chat.career

    async def career(self, key: bytes, owner: bytes | None) -> str | None:
        """The name of the career that a conversation is about."""
        kept = await self.conversations.turns(key, owner)
        try:
            return career_kept(_saved(kept.data)) if kept else None
        except ConversationError:  # kept by another version
            return None

    async def choose(self, key: bytes, owner: bytes | None, career: str | None) -> Chosen | None:
        """Choose what a conversation is about, or forget it; None where there is no such conversation."""
        async with self._turn(key):
            for _ in range(TRIES):
                before = await self.conversations.turns(key, owner)
                if before is None:
                    return None
                chosen, turns = await self.beside(self._choose, before.data, career)
                if await self.conversations.append(key, before, turns, None):
                    return chosen
        raise UnavailableError(_BUSY)

    def _admit(self) -> None:
        """Raise ``UnavailableError`` where too much waits already: who comes later would wait for longer than
        anyone does."""
        if self._bot is None:
            raise UnavailableError(LOADING)
        if self.under_way > self.settings.waiting:
            raise UnavailableError("too many questions at once")

    def _answer(self, asked: Sequence[Asked]) -> list[Answered]:
        """Those about the same career are asked together."""
        found: dict[int, Answered] = {}
        for career in dict.fromkeys(one.career for one in asked):
            places = [i for i, one in enumerate(asked) if one.career == career]
            questions = [asked[i].question for i in places]
            about = () if career is None else (career,)
            replies = self.bot.ask_many(questions, *about)
            found |= {i: Answered.of(reply) for i, reply in zip(places, replies, strict=True)}
        return [found[i] for i in range(len(asked))]

    def _converse(self, turns: bytes, question: str) -> tuple[Answered, bytes]:
        chat = self._resumed(turns)
        return Answered.of(chat.ask(question)), _kept(chat)

    def _choose(self, turns: bytes, career: str | None) -> tuple[Chosen, bytes]:
        chat = self._resumed(turns)
        chat.career = career
        return Chosen(chat.career), _kept(chat, chose=True)

    def _resumed(self, turns: bytes) -> Conversation:
        if turns == NO_TURNS:
            return self.bot.conversation()
        try:
            return self.bot.resume(_saved(turns))
        except ConversationError:  # kept by another version
            return self.bot.conversation()

    @property
    def conversations(self) -> Store:
        """The store; only where conversations are not switched off."""
        assert self.store
        return self.store

    @asynccontextmanager
    async def _turn(self, key: bytes) -> AsyncIterator[None]:
        """One holder at a time for each conversation."""
        lock, users = self._turns.get(key, (asyncio.Lock(), 0))
        self._turns[key] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._turns[key]
            if users == 1:
                del self._turns[key]
            else:
                self._turns[key] = lock, users - 1

    async def beside(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run what asks the bot in one of a few threads; what the bot can't do just now is
        ``UnavailableError``."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
        except CareerError:  # who asked has to know
            raise
        except ChatbotError as error:
            raise _unavailable(error) from error

    # the state

    async def check(self) -> None:
        """Raise ``UnavailableError`` where the service is not ready: loading, ending, or without its index or
        store."""
        if self.draining:
            raise UnavailableError("the service is ending")
        bot = self.bot
        looked, found = self._checked
        if time.monotonic() - looked > CHECKED:
            # whoever asks meanwhile waits for the same look
            self._looking = self._looking or asyncio.create_task(self._look(bot))
            found = await asyncio.shield(self._looking)
        if found:
            raise UnavailableError(found)

    async def _look(self, bot: CareerBot) -> str:
        """What is wrong, or "": a question is asked, as that goes through all that an answer needs."""
        found = UNABLE
        try:
            await asyncio.to_thread(bot.ask_many, ["hi"])
            if self.store:
                await self.store.check()
            found = ""
        except ChatbotError as error:
            found = str(_unavailable(error))
        finally:
            self._checked, self._looking = (time.monotonic(), found), None
        return found

    async def figures(self) -> bytes:
        """For Prometheus."""
        count: int | None = None
        if self.store:
            try:
                count = await self.store.count()
            except UnavailableError:
                count = None
        return await asyncio.to_thread(self.metrics.text, count)


def _kept(chat: Conversation, chose: bool = False) -> bytes:
    """A conversation as the store keeps it: its turns, and what was chosen, if anything; ``chose``: also that
    nothing is in force."""
    saved = chat.to_dict()
    if chose:
        saved.setdefault("chosen", {"subject": None, "at": chat.chosen_at})
    return msgspec.json.encode(saved if "chosen" in saved else saved["turns"])


def _saved(kept: bytes) -> Any:
    """The same as ``Conversation.to_dict`` gave it."""
    found = msgspec.json.decode(kept)
    return {"version": VERSION, "turns": found} if isinstance(found, list) else found


def _store(settings: ServiceSettings) -> Store | None:
    if settings.conversations == MEMORY:
        return MemoryStore(settings.conversation_cap, settings.conversation_seconds)
    if settings.database:
        from chatbot.server.postgres import PostgresStore

        return PostgresStore(settings.database, settings.conversation_cap, settings.conversation_seconds)
    return None


def _unavailable(error: ChatbotError) -> UnavailableError:
    """What goes into the log is exact; a client learns no addresses."""
    if isinstance(error, UnavailableError):
        return error
    log.error("%s", error)
    return UnavailableError(UNABLE)
