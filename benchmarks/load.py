"""``chatbot serve`` under load, beside the encoder alone on the same machine in the same minutes.

    python benchmarks/load.py [--rounds 10] [--seconds 4] [--requests 100000] [--connections 64] [--flood 5] [--json OUT] [-- SERVE OPTIONS]

Starts the service itself, on a free port of the loopback, with the cache of the user (or $CHATBOT_CACHE). The load comes from this process, on
the same cores. Encoder (over a batch of distinct questions, in a process of its own) and service take turns; the ratio is that of all turns.
--requests: so many in a row to see whether memory grows; 0 leaves it out. What stands after -- goes to ``chatbot serve``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data" / "fresh.jsonl"
PATIENCE = 300
ENCODER = """
import json, sys, time
from chatbot import CareerBot
questions = list(dict.fromkeys(json.loads(line)["question"] for line in open(sys.argv[1], encoding="utf-8")))
with CareerBot() as bot:
    bot.engine.encode(questions[:50])
    print("ready", flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        bot.engine.encode(questions)
        print(len(questions) / (time.perf_counter() - started), flush=True)
"""
"""Texts a second over one batch of distinct questions, each time that it is asked for."""
LEAST, MOST_SPREAD = 0.2, 12.0
"""The targets: questions a second for each text a second of the encoder, and p99 for each p50."""


@dataclass
class Load:
    """What a load of requests came to: milliseconds of each, and how many had which status."""

    seconds: float = 0.0
    ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.ms) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        return sorted(self.ms)[min(len(self.ms) - 1, math.ceil(share * len(self.ms)) - 1)]


class Connection(asyncio.Protocol):
    """One connection that is kept open: a request, its response, the next request."""

    def __init__(self, load: Load, following: Callable[[], bytes | None], done: asyncio.Future[None]) -> None:
        self._load, self._following, self._done = load, following, done
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, mark, body = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        told = re.search(rb"content-length: (\d+)", head)
        if len(body) < (int(told[1]) if told else 0):
            return
        self._buffer = b""
        self._load.ms.append(1e3 * (time.perf_counter() - self._sent))
        self._load.statuses[int(head[9:12])] += 1
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(SystemExit(f"load.py: the service closed a connection ({error})"))

    def _send(self) -> None:
        request = self._following()
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


async def drive(port: int, requests: Sequence[bytes], connections: int, more: Callable[[int], bool]) -> Load:
    """Requests in turn over so many connections, each sending its next one when it has the response, as long
    as ``more(sent)``."""
    load, supply, sent = Load(), cycle(requests), 0

    def following() -> bytes | None:
        nonlocal sent
        if not more(sent):
            return None
        sent += 1
        return next(supply)

    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    over = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda done=done: Connection(load, following, done), "127.0.0.1", port)  # type: ignore[misc]
        over.append(done)
    await asyncio.gather(*over)
    load.seconds = time.perf_counter() - started
    return load


def during(seconds: float) -> Callable[[int], bool]:
    """As long as this time is not over."""
    until = time.perf_counter() + seconds
    return lambda sent: time.perf_counter() < until


def post(path: str, body: Any) -> bytes:
    """A request."""
    data = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def get(path: str) -> bytes:
    """A request."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@dataclass
class Service:
    """A service that runs."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def megabytes(self) -> float:
        """What the process and its children hold in memory (RSS), pages that they share counted for each."""
        pids = [self.process.pid]
        for pid in pids:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                pids += [int(child) for child in task.read_text().split()]
        found = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
        return sum(int(match[1]) for match in found if match) / 1024


@contextmanager
def serving(*options: str) -> Iterator[Service]:
    """``chatbot serve`` on a free port, ready."""
    command = [sys.executable, "-m", "chatbot", "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        port = next(
            (
                int(match[1])
                for line in process.stderr or ()
                if (match := re.search(rb'"url": "http://[^"]*:(\d+)/"', line))
            ),
            0,
        )
        if not port:
            raise SystemExit("load.py: the service did not start")
        # its log must not wait for a reader
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while asyncio.run(drive(port, [get("/readyz")], 1, lambda sent: sent < 1)).statuses[200] == 0:
            if time.monotonic() > until:
                raise SystemExit("load.py: the service did not get ready")
            time.sleep(0.1)
        yield Service(process, port)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        drain.wait()
    finally:
        process.kill()


def all_answered(load: Load) -> None:
    """End where a request was not answered as it should be: what is not answered is soon done."""
    if set(load.statuses) != {200}:
        raise SystemExit(f"load.py: not every request was answered: {dict(load.statuses)}")


@contextmanager
def encoder() -> Iterator[Callable[[], float]]:
    """The encoder alone, with all cores, in a process that waits until its texts a second are asked for."""
    env = {name: value for name, value in os.environ.items() if name != "CHATBOT_THREADS"}
    command = [sys.executable, "-c", ENCODER, str(DATA)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=env
    )
    told, answers = process.stdin, process.stdout
    if not told or not answers or answers.readline() != "ready\n":
        raise SystemExit("load.py: the encoder did not start")

    def measure() -> float:
        told.write("\n")
        return float(answers.readline())

    yield measure
    told.close()
    process.wait(PATIENCE)


def asked() -> list[bytes]:
    """Requests with distinct questions."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    return [
        post("/v1/ask", {"question": question}) for question in dict.fromkeys(row["question"] for row in rows)
    ]


def rounds(count: int, seconds: float, connections: int, options: Sequence[str]) -> dict[str, float]:
    """Encoder and service in turn, so that what else the machine does hits both; and with one connection,
    what a lone user waits for."""
    texts, loads = [], []
    with encoder() as measure, serving("--rate", "0", *options) as service:
        asyncio.run(drive(service.port, asked(), connections, during(2)))
        for _ in range(count):
            texts.append(measure())
            loads.append(asyncio.run(drive(service.port, asked(), connections, during(seconds))))
            all_answered(loads[-1])
            print(
                f"  encoder {texts[-1]:6.0f} texts/s   service {loads[-1].rate:6.0f} questions/s   {loads[-1].rate / texts[-1]:.2f}",
                flush=True,
            )
        alone = asyncio.run(drive(service.port, asked(), 1, during(5)))
    whole = Load(sum(load.seconds for load in loads), [ms for load in loads for ms in load.ms])
    encoded = len(texts) / sum(1 / each for each in texts)
    found = {
        "encoder": encoded, "rate": whole.rate, "ratio": whole.rate / encoded, "p50": whole.percentile(0.5), "p99": whole.percentile(0.99),
        "spread": whole.percentile(0.99) / whole.percentile(0.5), "alone_p50": alone.percentile(0.5),
    }  # fmt: skip
    print(
        "encoder {encoder:.0f} texts/s   service {rate:.0f} questions/s   p50 {p50:.0f} ms   p99 {p99:.0f} ms".format(
            **found
        )
    )
    print(f"one connection: p50 {found['alone_p50']:.1f} ms", flush=True)
    return found


def conversing(seconds: float, connections: int, options: Sequence[str]) -> dict[str, float]:
    """Messages a second of as many conversations as there are connections, each of six messages and then
    anew."""
    rows = [json.loads(line)["question"] for line in DATA.read_text(encoding="utf-8").splitlines()]
    with serving("--rate", "0", *options) as service:
        made = asyncio.run(_begin(service.port, connections * 20))
        requests = [
            post(f"/v1/conversations/{made[i % len(made)]}/messages", {"question": rows[i % len(rows)]})
            for i in range(6 * len(made))
        ]
        load = asyncio.run(drive(service.port, requests, connections, during(seconds)))
    all_answered(load)
    print(
        f"conversations: {load.rate:.0f} messages/s   p50 {load.percentile(0.5):.1f} ms   p99 {load.percentile(0.99):.1f} ms",
        flush=True,
    )
    return {"rate": load.rate, "p50": load.percentile(0.5), "p99": load.percentile(0.99)}


async def _begin(port: int, count: int) -> list[str]:
    found = []
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        writer.write(post("/v1/conversations", {}))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        found.append(json.loads(await reader.readexactly(length))["id"])
    writer.close()
    return found


def memory(requests: int, connections: int, options: Sequence[str]) -> dict[str, Any]:
    """Megabytes of the service through so many requests, in ten parts."""
    with serving("--rate", "0", *options) as service:
        held = [service.megabytes]
        for _ in range(10):
            load = asyncio.run(drive(service.port, asked(), connections, lambda sent: sent < requests // 10))
            all_answered(load)
            held.append(service.megabytes)
    print(f"memory through {requests:,} requests: {' '.join(f'{each:.0f}' for each in held)} MB", flush=True)
    return {"requests": requests, "megabytes": held, "grown_after_first_tenth": held[-1] - held[1]}


def flood(seconds: float, connections: int, options: Sequence[str]) -> dict[str, Any]:
    """Far more requests than one client may send: how many are sent away, and whether the service says that
    it is ready meanwhile."""

    async def both(port: int) -> tuple[Load, Load]:
        async def probe() -> Load:
            found = Load()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                one = await drive(port, [get("/readyz")], 1, lambda sent: sent < 1)
                found.ms += one.ms
                found.statuses += one.statuses
                await asyncio.sleep(0.1)
            return found

        return await asyncio.gather(drive(port, asked(), connections, during(seconds)), probe())

    with serving("--rate", "5", "--burst", "10", *options) as service:
        load, probes = asyncio.run(both(service.port))
    share = load.statuses[429] / len(load.ms)
    print(
        f"flood at a limit of 5/s: {load.rate:.0f} requests/s, {100 * share:.1f}% answered 429, the others {dict(load.statuses)}; "
        f"/readyz {dict(probes.statuses)}, at most {max(probes.ms):.0f} ms",
        flush=True,
    )
    return {
        "rate": load.rate,
        "share_429": share,
        "statuses": dict(load.statuses),
        "ready": dict(probes.statuses),
        "ready_ms": max(probes.ms),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="of encoder and service (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=4, help="of load in a round (default %(default)s)")
    parser.add_argument(
        "--requests", type=int, default=100_000, help="for memory; 0 leaves it out (default %(default)s)"
    )
    parser.add_argument("--connections", type=int, default=64, help="at once (default %(default)s)")
    parser.add_argument(
        "--flood", type=float, default=5, metavar="SECONDS", help="0 leaves it out (default %(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("options", nargs="*", metavar="OPTION", help="of chatbot serve, after --")
    given = parser.parse_args()
    found: dict[str, Any] = {"rounds": rounds(given.rounds, given.seconds, given.connections, given.options)}
    found["conversations"] = (
        None if "off" in given.options else conversing(given.seconds, given.connections, given.options)
    )
    found["flood"] = flood(given.flood, given.connections, given.options) if given.flood else None
    found["memory"] = memory(given.requests, given.connections, given.options) if given.requests else None
    ratio, spread = (found["rounds"][name] for name in ("ratio", "spread"))
    for name, figure, target, missed in (
        ("questions/s by the encoder's texts/s", ratio, f">= {LEAST:g}", ratio < LEAST),
        ("p99 by p50", spread, f"<= {MOST_SPREAD:g}", spread > MOST_SPREAD),
    ):
        print(f"{name:40s}{figure:7.2f}   {target}   {'MISSED' if missed else 'reached'}")
    print(f"load of the machine at the end {os.getloadavg()[0]:.1f}")
    if given.json:
        given.json.write_text(
            json.dumps(found | {"given": {key: str(value) for key, value in vars(given).items()}}, indent=1)
            + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
