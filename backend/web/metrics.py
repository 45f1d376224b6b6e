"""Figures for Prometheus: requests, turns, queues. Never a word of anybody, never a label that names a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from backend.persistence.host_rows import Host
from backend.persistence.pulse import Pulse
from backend.web.not_stored import NotStored

CHANNELS = {
    "api/web": "web",
    "whatsapp": "whatsapp",
    "lapor": "form",
    "status": "status",
    "open311": "open311",
    "meja": "desk",
    "tinjau": "desk",
    "masuk": "desk",
}
TURN_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)


class EnginesAtWork(Protocol):
    """The engines of this host."""

    @property
    def n_up(self) -> int: ...
    @property
    def n_busy(self) -> int: ...


@dataclass
class Metrics:
    """The pipeline tells it of turns, the listener of requests. `turns_elsewhere` tells the figures of turns when another process works
    on them."""

    turns_elsewhere: Callable[[], Awaitable[bytes]] | None = None
    answering: int = 0
    engines: EnginesAtWork | None = None
    recent: NotStored = field(default_factory=NotStored)
    of_turns: CollectorRegistry = field(default_factory=CollectorRegistry)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        of: dict[str, Any] = {"registry": self.of_turns, "namespace": "teman_lapor"}
        self.turns = Counter("turns", "Turns by how they ended.", ["channel", "outcome"], **of)
        self.unsure = Counter("messages_unsure", "Messages the assistant was unsure of.", **of)
        self.understood = Counter("messages_understood", "Messages it read.", **of)
        self.turn_seconds = Histogram(
            "turn_seconds",
            "From frozen to committed.",
            ["channel"],
            buckets=TURN_BUCKETS,
            **of,
        )
        self.engines_of_host = Gauge("engines", "Engines of this host: up, and busy.", ["state"], **of)
        of["registry"] = self.registry
        self.requests = Histogram(
            "http_request_seconds",
            "Answers by route and status.",
            ["channel", "route", "method", "status"],
            **of,
        )
        self.waiting = Gauge("waiting", "Messages that wait.", ["box", "channel"], **of)
        self.age = Gauge("waiting_oldest_seconds", "Age of the oldest of them.", ["box", "channel"], **of)
        self.dead = Gauge("dead_letters", "Given up, not looked after yet.", ["kind"], **of)
        self.alarms = Gauge("alarm", "Alarms that are raised.", ["code"], **of)
        self.to_review = Gauge("review_waiting", "Sentences that wait for a reviewer.", **of)
        self.reference = Gauge(
            "reference_version", "Version of the reference rows in force; 0: as shipped.", **of
        )
        self.overdue = Gauge("cases_overdue", "Reports whose promised date has passed.", **of)
        self.free = Gauge("disk_free_bytes", "Room in the data folder of a host.", ["host"], **of)
        self.seen = Gauge("host_seen_timestamp", "When a host told last that it lives.", ["host"], **of)
        self.engines_up = Gauge("host_engines_up", "Engines that answer, by host.", ["host"], **of)
        self.not_stored = Counter(
            "not_stored", "Requests that the database did not take, by its reason.", ["why"], **of
        )
        self.commit = Gauge("database_commit_seconds", "How long the smallest commit takes.", **of)
        self.parts = Gauge("part_ready", "1 when a part works.", ["part"], **of)

    def refused(self, why: str) -> None:
        """Somebody was told that nothing was stored."""
        self.not_stored.labels(why).inc()
        self.recent.note()

    def turns_text(self) -> bytes:
        """Figures of the turns of this process."""
        if self.engines is not None:
            self.engines_of_host.labels("up").set(self.engines.n_up)
            self.engines_of_host.labels("busy").set(self.engines.n_busy)
        return generate_latest(self.of_turns)

    async def text(self) -> bytes:
        """All figures, of every process, in Prometheus' text format."""
        turns = await self.turns_elsewhere() if self.turns_elsewhere else self.turns_text()
        return generate_latest(self.registry) + turns

    def turn_done(self, channel: str, seconds: float, n_messages: int, n_unsure: int) -> None:
        """A turn was committed."""
        self.turns.labels(channel, "done").inc()
        self.turn_seconds.labels(channel).observe(max(0.0, seconds))
        self.understood.inc(n_messages)
        self.unsure.inc(n_unsure)

    def turn_failed(self, channel: str, *, given_up: bool) -> None:
        """A turn failed; it is tried again unless it was given up."""
        self.turns.labels(channel, "given_up" if given_up else "failed").inc()

    def set_pulse(self, pulse: Pulse) -> None:
        """Queues as they are now; what is gone is shown no more."""
        for gauge in (self.waiting, self.age, self.dead, self.alarms):
            gauge.clear()
        for box, queues in (
            ("arrivals", pulse.arrivals),
            ("inbox", pulse.inbox),
            ("outbox", pulse.outbox),
        ):
            for channel, queue in queues.items():
                self.waiting.labels(box, channel).set(queue.n)
                self.age.labels(box, channel).set(queue.oldest_s)
        for kind, n in pulse.dead.items():
            self.dead.labels(kind).set(n)
        for code in pulse.alarms:
            self.alarms.labels(code).set(1)
        self.to_review.set(pulse.to_review)
        self.overdue.set(pulse.overdue)

    def set_hosts(self, hosts: Iterable[Host]) -> None:
        """How each host told last that it is."""
        for gauge in (self.free, self.seen, self.engines_up):
            gauge.clear()
        for host in hosts:
            self.free.labels(host.name).set(host.free_bytes)
            self.seen.labels(host.name).set(host.seen_at.timestamp())
            self.engines_up.labels(host.name).set(host.engines_up)


def channel_of(path: str) -> str:
    """Whose door a route belongs to.

    >>> channel_of("api/web/messages"), channel_of("meja/akun"), channel_of("-")
    ('web', 'desk', 'pages')
    """
    return next((channel for start, channel in CHANNELS.items() if path.startswith(start)), "pages")
