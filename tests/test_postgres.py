"""Knowledge in PostgreSQL: pushed whole or not at all, read by many, and what happens when the server goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from postgres import Server, running

from chatbot import CareerBot, ChatbotError
from chatbot.building.postgres.database import Database, shown, split_dsn
from chatbot.building.postgres.index import PostgresIndex
from chatbot.building.postgres.push import Pushed, push
from chatbot.errors import IndexUnavailableError

DAY = """topic: day
title: Day
entries:
  - id: start
    question: When does a baker start work?
    answer: "{answer}"
    citations: [{{source: loaf, section: Mornings}}]
    phrasings: [baker start time, how early do bakers get up, what time does the bakery day begin, "{phrasing}"]
"""


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], None]:
    """Write the one entry of the baker's pack."""

    def call(answer: str, phrasing: str) -> None:
        (folder / "baking" / "day.yaml").write_text(
            DAY.format(answer=answer, phrasing=phrasing), encoding="utf-8"
        )

    return call


@pytest.fixture
def pushed(bot, folder: Path, tmp_path: Path) -> Callable[[Server, str], Pushed]:
    """Push the folder, as it is, into a knowledge base."""

    def call(server: Server, tenant: str) -> Pushed:
        (tmp_path / "none").mkdir(exist_ok=True)
        made = CareerBot(folder, tmp_path / "none", encoder=bot.engine.encoder, background=False)
        fingerprint = bot.engine.encoder.fingerprint
        return Database(server.dsn).alone(
            lambda connection: push(connection, tenant, made.prepared, fingerprint)
        )

    return call


@pytest.fixture
def reader(bot) -> Iterator[Callable[..., CareerBot]]:
    """A bot that reads a knowledge base; closed at the end."""
    made: list[CareerBot] = []

    def call(dsn: str, **options: object) -> CareerBot:
        made.append(CareerBot(encoder=bot.engine.encoder, index=PostgresIndex(dsn, **options)))  # type: ignore[arg-type]
        return made[-1]

    yield call
    for one in made:
        one.close()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may kill."""
    with running() as server:
        yield server


# pushing


def test_only_what_changed_is_pushed(write, pushed, reader, postgres: Server) -> None:
    write("Before sunrise.", "when do ovens get lit")
    first = pushed(postgres, "changes")
    assert (first.release, first.added, first.removed, first.changed) == (1, 5, 0, True)
    again = pushed(postgres, "changes")
    assert (again.release, again.added, again.sent, again.changed) == (1, 0, 0, False)
    old = reader(postgres.dsn, tenant="changes")
    write("Before sunrise.", "when are the ovens lit")
    second = pushed(postgres, "changes")
    assert (second.release, second.added, second.removed, second.kept) == (2, 1, 1, 4)
    assert old.ask("when are the ovens lit").text == "Before sunrise."


def test_readers_see_the_old_or_the_new_and_never_a_mix(write, pushed, reader, postgres: Server) -> None:
    versions = {f"Answer number {i}.": f"way of asking number {i}" for i in range(6)}
    answers = list(versions)
    write(answers[0], versions[answers[0]])
    pushed(postgres, "mix")
    bot = reader(postgres.dsn, tenant="mix")
    seen: list[tuple[str, str]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            reply = bot.ask("way of asking number")
            seen.append((reply.text, reply.why.matched or ""))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for answer in answers[1:]:
        write(answer, versions[answer])
        pushed(postgres, "mix")
        time.sleep(0.2)
    over.set()
    for thread in threads:
        thread.join()
    mixed = [
        (text, matched)
        for text, matched in seen
        if text not in versions or (matched.startswith("way") and versions[text] != matched)
    ]
    assert not mixed
    assert len(set(seen)) > 1
    until = time.monotonic() + 20
    while bot.ask("baker start time").text != answers[-1] and time.monotonic() < until:
        time.sleep(0.05)
    assert bot.ask("baker start time").text == answers[-1]


def test_a_push_that_is_cut_off_changes_nothing(
    write, pushed, reader, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("Before sunrise.", "when do ovens get lit")
    pushed(postgres, "cut")
    bot = reader(postgres.dsn, tenant="cut")
    write("At noon.", "when is the flour delivered")
    from chatbot.building.postgres import push as module

    def cut(self: object) -> None:
        with psycopg.connect(postgres.dsn, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> 'chatbot' AND pid <> pg_backend_pid()"
            )
        time.sleep(0.2)

    monkeypatch.setattr(
        module._Push, "_forget", lambda self: cut(self) or self._connection.execute("SELECT 1")
    )
    with pytest.raises(IndexUnavailableError, match="nothing was changed"):
        pushed(postgres, "cut")
    monkeypatch.undo()
    assert bot.ask("baker start time").text == "Before sunrise."
    with psycopg.connect(postgres.dsn) as connection:
        assert connection.execute("SELECT release FROM chatbot.base WHERE tenant = 'cut'").fetchone() == (1,)
        assert connection.execute(
            "SELECT count(*) FROM chatbot.phrasing WHERE tenant = 'cut'"
        ).fetchone() == (5,)
    assert pushed(postgres, "cut").release == 2
    assert reader(postgres.dsn, tenant="cut").ask("when is the flour delivered").text == "At noon."


def test_knowledge_bases_stand_side_by_side(write, pushed, reader, postgres: Server) -> None:
    for tenant, answer in (("one", "At one."), ("two'; DROP TABLE chatbot.base; --", "At two.")):
        write(answer, "when do ovens get lit")
        pushed(postgres, tenant)
    assert reader(postgres.dsn, tenant="one").ask("baker start time").text == "At one."
    assert (
        reader(postgres.dsn, tenant="two'; DROP TABLE chatbot.base; --").ask("baker start time").text
        == "At two."
    )
    assert reader(f"{postgres.dsn}?tenant=one").ask("baker start time").text == "At one."


def test_a_reader_that_slept_through_two_pushes_loads_the_newest(
    write, pushed, reader, postgres: Server
) -> None:
    write("At one.", "when do ovens get lit")
    pushed(postgres, "slept")
    bot = reader(postgres.dsn, tenant="slept")
    chat = bot.conversation()
    for answer in ("At two.", "At three."):
        write(answer, f"when do ovens get lit, {answer}")
        pushed(postgres, "slept")
    assert chat.ask("baker start time").text == "At three."


def test_what_is_dropped_is_gone(run, write, pushed, reader, postgres: Server) -> None:
    write("At one.", "when do ovens get lit")
    pushed(postgres, "gone")
    bot = reader(postgres.dsn, tenant="gone")
    done = run("index", "drop", "gone", "--dsn", postgres.dsn)
    assert (done.returncode, done.stdout) == (0, b"gone: removed.\n")
    with pytest.raises(ChatbotError, match=r"no knowledge base 'gone'|no longer there"):
        bot.ask("baker start time")
    again = run("index", "drop", "gone", "--dsn", postgres.dsn)
    assert again.returncode == 2
    assert again.stderr.count(b"\n") == 1


def test_the_command_pushes_lists_and_asks(run, folder: Path, postgres: Server) -> None:
    empty = folder.parent / "empty"
    empty.mkdir()
    options = ("--knowledge", str(folder), "--intents", str(empty), "--no-background")
    done = run(*options, "index", "push", "--tenant", "bakery", CHATBOT_INDEX=postgres.dsn)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"bakery: release 1 at postgresql://127.0.0.1:")
    assert b"4 phrasings added" in done.stdout
    assert b"bakery  release 1 of 20" in run("index", "list", "--dsn", postgres.dsn).stdout
    asked = run("--index", f"{postgres.dsn}?tenant=bakery", "ask", "how early do bakers get up")
    assert (asked.returncode, asked.stdout.splitlines()[0]) == (0, b"Very early, before sunrise.")
    both = run("--index", postgres.dsn, "--pack", "x", "ask", "hello")
    assert both.returncode == 2
    assert b"--index" in both.stderr


# what can't be read


@pytest.mark.parametrize(
    ("dsn", "message"),
    [
        ("mysql://me:secret@here/x", "not a PostgreSQL address"),
        ("postgresql://me:secret@[::1/x", "not a PostgreSQL address"),
        ("postgresql://me:secret@127.0.0.1:1/x", "no connection within 1 seconds; .*refused"),
    ],
)
def test_a_bad_address_is_one_line_without_the_password(bot, dsn: str, message: str) -> None:
    with pytest.raises(ChatbotError, match=message) as error:
        CareerBot(encoder=bot.engine.encoder, index=PostgresIndex(dsn, timeout=1))
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_the_parts_of_an_address() -> None:
    assert split_dsn("postgresql://h1:5432,h2:5433/db?target_session_attrs=any&tenant=a%20b") == (
        "postgresql://h1:5432,h2:5433/db?target_session_attrs=any",
        "a b",
    )
    assert split_dsn("postgres://h/db?options=-c%20x%3D1") == (
        "postgres://h/db?options=-c%20x%3D1",
        "default",
    )
    assert shown("postgresql://me:secret@h/db?password=secret") == "postgresql://h/db"


def test_nothing_pushed_another_name_another_encoder(write, pushed, reader, postgres: Server, bot) -> None:
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bare")
        connection.execute("CREATE DATABASE bare")
    with pytest.raises(ChatbotError, match="no knowledge was pushed there"):
        reader(f"{postgres.dsn.removesuffix('postgres')}bare")
    write("At one.", "when do ovens get lit")
    pushed(postgres, "named")
    with pytest.raises(ChatbotError, match=r"no knowledge base 'nobody'; there is: .*named"):
        reader(postgres.dsn, tenant="nobody")
    with pytest.raises(ChatbotError, match="pushed with another encoder"):
        PostgresIndex(postgres.dsn, "named").load("another")
    with pytest.raises(ChatbotError, match="leave out knowledge, intents and packs"):
        CareerBot(packs=["baking"], encoder=bot.engine.encoder, index=postgres.dsn)


# the server goes


def test_after_the_server_was_killed_under_load_all_goes_on(
    write, pushed, reader, own_server: Server
) -> None:
    write("Before sunrise.", "when do ovens get lit")
    pushed(own_server, "kept")
    bot = reader(own_server.dsn, tenant="kept", timeout=1)
    found: list[str] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                found.append(bot.ask("how early do bakers get up").text)
            except IndexUnavailableError as error:
                found.append(f"error: {error}")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    own_server.kill()
    time.sleep(1.5)
    own_server.start()
    until = time.monotonic() + 30
    while found[-1] != "Before sunrise." and time.monotonic() < until:
        time.sleep(0.1)
    over.set()
    for thread in threads:
        thread.join()
    errors = {text for text in found if text != "Before sunrise."}
    assert errors
    assert all(text.startswith("error: postgresql://127.0.0.1") and "\n" not in text for text in errors)
    # by the same object, and nothing pushed is lost
    assert bot.ask("how early do bakers get up").text == "Before sunrise."


def test_a_replica_takes_over(write, pushed, reader, own_server: Server) -> None:
    write("Before sunrise.", "when do ovens get lit")
    replica = own_server.replica(own_server.data.with_name("replica"))
    replica.start()
    try:
        pushed(own_server, "kept")
        hosts = f"127.0.0.1:{own_server.port},127.0.0.1:{replica.port}"
        bot = reader(
            f"postgresql://postgres@{hosts}/postgres?target_session_attrs=any", tenant="kept", timeout=2
        )
        assert bot.ask("how early do bakers get up").text == "Before sunrise."
        until = time.monotonic() + 20
        while not caught_up(replica, "kept") and time.monotonic() < until:
            time.sleep(0.05)
        own_server.kill()
        until, reply = time.monotonic() + 30, ""
        while reply != "Before sunrise." and time.monotonic() < until:
            try:
                reply = bot.ask("how early do bakers get up").text
            except IndexUnavailableError:
                time.sleep(0.1)
        assert reply == "Before sunrise."
        replica.promote()
        write("At noon.", "when is the flour delivered")
        pushed(replica, "kept")
        bot.reload()
        assert bot.ask("when is the flour delivered").text == "At noon."
    finally:
        replica.stop()


def caught_up(replica: Server, tenant: str) -> bool:
    """Whether a replica has what was pushed."""
    with psycopg.connect(replica.dsn) as connection:
        (there,) = connection.execute("SELECT to_regclass('chatbot.base') IS NOT NULL").fetchone() or (False,)
        return (
            bool(there)
            and connection.execute("SELECT 1 FROM chatbot.base WHERE tenant = %s", (tenant,)).fetchone()
            is not None
        )
