"""Figures for Prometheus: counted in this process, or with several workers in files that all of them read."""

from __future__ import annotations

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The folder that workers share; prometheus_client reads it when it is imported."""
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 4, 8, 16, 32)
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})
"""Others count as one: what clients make up must not make up series."""


class Metrics:
    """What is counted. Labels hold the templates of addresses, never what is in them."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "chatbot_requests",
            "Requests, by address and status.",
            ["method", "route", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "chatbot_request_seconds", "Time from the request's head to the end of the response.", ["route"], registry=registry,
            buckets=SECONDS,
        )  # fmt: skip
        self.replies = Counter("chatbot_replies", "Replies, by kind.", ["kind"], registry=registry)
        self.batches = Histogram(
            "chatbot_batch_size", "Questions answered together.", registry=registry, buckets=SIZES
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that is over."""
        self.requests.labels(method if method in METHODS else "other", route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self, conversations: int | None) -> bytes:
        """All of it, in the text format; ``conversations``: how many there are, where that is known."""
        registry = self._registry
        if os.environ.get(SHARED):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        if conversations is not None:
            now.register(_Now(conversations))
        return generate_latest(registry) + generate_latest(now)


class _Now(Collector):
    """What is known at the moment of asking."""

    def __init__(self, conversations: int) -> None:
        self._conversations = conversations

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "chatbot_conversations", "Conversations that are kept.", value=self._conversations
        )
