"""How often one client may ask: a token bucket for each address."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

MOST = 50_000
"""Addresses remembered; those seen longest ago are forgotten first, and begin with a full bucket."""
PREFIX = 64
"""One customer has at least so long a network of IPv6 to itself (RFC 6177)."""


class Limiter:
    """``rate`` requests a second, and ``burst`` at once; a rate of 0 lets all pass. For one event loop."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, float(burst), clock
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Take one request of a client: 0, or in how many seconds it may come again."""
        if not self._rate:
            return 0
        now = self._clock()
        name = network(client)
        tokens, before = self._seen.pop(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - before) * self._rate)
        self._seen[name] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return 0 if tokens >= 1 else math.ceil((1 - tokens) / self._rate)


def network(client: str) -> str:
    """What counts as one client: an address of IPv4, a network of IPv6."""
    if ":" not in client:
        return client
    try:
        address = ipaddress.IPv6Address(client.partition("%")[0])
    except ValueError:
        return client
    return str(address.ipv4_mapped or ipaddress.IPv6Network((address, PREFIX), strict=False))
