"""The bot: what it is made of, and how it is asked; ``pipeline.py`` is the way of a question."""

from __future__ import annotations

import asyncio
import datetime
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from chatbot.building.loading import FromDatabase, FromFolders, Loader
from chatbot.building.postgres.index import PostgresIndex
from chatbot.building.snapshot import Asked
from chatbot.composing import no_question
from chatbot.encoders.compiled import CompiledEncoder
from chatbot.encoders.encoder import Encoder
from chatbot.encoders.vectors import Progress
from chatbot.engine import Engine
from chatbot.errors import ChatbotError, OutdatedError
from chatbot.flow import Code
from chatbot.knowledge.model import Knowledge
from chatbot.language.normalise import MAX_CHARS, clean
from chatbot.paths import cache_dir, shipped, with_background
from chatbot.pipeline import ask_each
from chatbot.reply import Reply, Subject
from chatbot.retrieval.index import Index
from chatbot.subject import chosen

if TYPE_CHECKING:
    from chatbot.conversation import Conversation

T = TypeVar("T")


class _Shipped:
    """Stands for the knowledge (or intents) that come with the package."""

    def __repr__(self) -> str:
        return "SHIPPED"


SHIPPED: Final = _Shipped()
Folder = str | Path | _Shipped


class CareerBot:
    """Answers career questions from a knowledge base, with sources, or says that it does not know.

    One bot serves any number of threads. Folders: a path or a list of them; without ``SHIPPED`` in the list
    they replace what comes with the package. ``packs``: names of the packs to load (default: all).
    ``encoder`` and ``index``: see the protocols; as ``index`` also the address of a PostgreSQL database
    (postgresql://...) into which knowledge was pushed: then it comes from there, not from folders. ``cache``:
    where what was prepared is kept (default: the user's cache folder); None keeps nothing. ``progress(done,
    total)`` is called while the encoder is compiled and while phrasings are encoded. ``background``:
    whether the shipped questions that nothing here answers are loaded beside the intents, so that what is
    nearer to them is declined. ``career``: what questions and conversations are about that name nothing
    else (see ``ask``). ``today``: the clock by which facts are old. Raises ``KnowledgeError`` with every
    finding for files that can't be used, ``EncoderError`` for a model that can't, ``IndexUnavailableError``
    where a database does not answer.
    """

    def __init__(
        self,
        knowledge: Folder | Iterable[Folder] = SHIPPED,
        intents: Folder | Iterable[Folder] = SHIPPED,
        packs: Sequence[str] | None = None,
        encoder: Encoder | None = None,
        index: Index | PostgresIndex | str | None = None,
        *,
        cache: str | Path | _Shipped | None = SHIPPED,
        progress: Progress | None = None,
        background: bool = True,
        career: str | None = None,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        if isinstance(packs, str):
            raise ChatbotError(f"packs must be a list of names, not the text {packs!r}")
        where = cache_dir() if isinstance(cache, _Shipped) else Path(cache) if cache else None
        self._owned = encoder is None
        encoder = encoder or CompiledEncoder(cache=where, progress=progress)
        self.today = today
        self._reloading = threading.Lock()
        stored = _stored(index)
        if stored and not (knowledge is SHIPPED and intents is SHIPPED and packs is None):
            raise ChatbotError(
                "an index in a database holds its own knowledge: leave out knowledge, intents and packs, or push them there"
            )
        self._loader: Loader
        if stored:
            self._loader = FromDatabase(stored, encoder, self.reload)
        else:
            asked = Asked(
                _folders(knowledge, "knowledge"),
                with_background(_folders(intents, "intents"), background),
                None if packs is None else tuple(packs),
            )
            self._loader = FromFolders(asked, encoder, where, cast("Index | None", index))
        found = self._loader.load(progress, None)
        assert found
        self.prepared = found[0]
        self.engine = Engine(self.prepared, encoder, found[1])
        self._career = career
        if career is not None:
            self.career(career)

    @property
    def knowledge(self) -> Knowledge:
        """What is known: ``entries``, ``sources`` and ``packs``."""
        return self.engine.knowledge

    def career(self, name: str) -> Subject:
        """The career or occupation that a name stands for; raises ``ChatbotError``, with candidates, where that is not clear."""
        return chosen(self.engine, name)

    def ask(self, question: str, career: str | None = None) -> Reply:
        """Answer one question, remembering nothing; never raises for what a user may type.

        ``career``: what it is about where it names no career itself: a pack, or an occupation's title or code.
        Raises ``ChatbotError``, with candidates, for one that is unknown or not clear.
        """
        return self.ask_many([question], career)[0]

    async def aask(self, question: str, career: str | None = None) -> Reply:
        """The same without blocking the event loop: in a thread."""
        return await asyncio.to_thread(self.ask, question, career)

    def ask_many(self, questions: Sequence[str], career: str | None = None) -> list[Reply]:
        """Answer a batch of independent questions, encoded together; replies in the same order. ``career``: as for ``ask``."""
        subject = self.default_subject(career)
        replies = [self.unreadable(question) for question in questions]
        open_ = [i for i, reply in enumerate(replies) if reply is None]
        asked = [questions[i] for i in open_]
        # one for the whole batch, also while another is loaded
        found = self.with_engine(lambda engine: list(ask_each(engine, asked, self.today(), subject)))
        for i, reply in zip(open_, found, strict=True):
            replies[i] = reply
        return [reply for reply in replies if reply is not None]

    def with_engine(self, work: Callable[[Engine], T]) -> T:
        """What ``work`` makes of the engine; of a newer one where its knowledge is no longer in the database."""
        engine = self.engine
        try:
            return work(engine)
        except OutdatedError:
            if self.engine is engine:
                self.reload()
            return work(self.engine)

    def reload(self, progress: Progress | None = None) -> None:
        """Load the folders again (or what was pushed); only what has changed is prepared anew. Conversations
        go on.

        Threads that are asking get their reply from the old state or from the new one, never from a mix.
        Raises as the constructor does, and then nothing has changed.
        """
        with self._reloading:
            found = self._loader.load(progress, self.prepared)
            if found:
                self.prepared = found[0]
                self.engine = Engine(self.prepared, self.engine.encoder, found[1])

    def default_subject(self, career: str | None = None) -> Subject | None:
        """What a question is about that names nothing: the career given, else the bot's own."""
        name = self._career if career is None else career
        return None if name is None else self.career(name)

    def conversation(self, career: str | None = None) -> Conversation:
        """A new conversation, for one user; ``career``: what it is about from the start, as for ``ask``."""
        from chatbot.conversation import Conversation  # one question, as from a shell, does without

        return Conversation(self, chosen=self.default_subject(career))

    def resume(self, saved: Any) -> Conversation:
        """A conversation as ``Conversation.to_dict`` gave it; raises ``ConversationError`` for anything else."""
        from chatbot.conversation import Conversation

        return Conversation.from_dict(self, saved)

    def unreadable(self, question: str) -> Reply | None:
        """The reply to what holds no question at all (nothing, or far too much), else None."""
        if not isinstance(question, str):
            raise ChatbotError(f"a question must be text, not {type(question).__name__}")
        if len(question) > MAX_CHARS and len(clean(question[: 4 * MAX_CHARS])) > MAX_CHARS:
            return no_question(Code.TOO_LONG)
        return None if any(c.isalnum() for c in clean(question)) else no_question(Code.EMPTY)

    def close(self) -> None:
        """Let go of the default encoder's model, and of connections; asking then raises ``EncoderError``. An
        encoder that was given stays open."""
        self._loader.close()
        closing = self._owned and getattr(self.engine.encoder, "close", None)
        if callable(closing):
            closing()

    def __enter__(self) -> CareerBot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _stored(index: Index | PostgresIndex | str | None) -> PostgresIndex | None:
    """The index in a database that is meant, or None."""
    if isinstance(index, str):
        return PostgresIndex(index)
    return index if isinstance(index, PostgresIndex) else None


def _folders(given: Folder | Iterable[Folder], name: str) -> tuple[Path, ...]:
    listed = [given] if isinstance(given, str | Path | _Shipped) else list(given)
    return tuple(shipped(name) if isinstance(folder, _Shipped) else Path(folder) for folder in listed)
