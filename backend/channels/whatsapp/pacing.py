"""How fast one may write: so many messages a second in all, and about one every six seconds to one person, with bursts.

Kept in memory: a lost count only means that Meta says it instead of us.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

PERSON_EVERY_S = 6.0
PERSON_BURST = 20
MOST_PEOPLE = 20_000


@dataclass
class Bucket:
    """Tokens that come back with time; `take_s` is 0 when there was one, else the seconds until there will be."""

    per_second: float
    room: float
    left: float
    at_s: float

    def take_s(self, now_s: float) -> float:
        """Take a token if there is one."""
        self.left = min(self.room, self.left + max(0.0, now_s - self.at_s) * self.per_second)
        self.at_s = now_s
        if self.left >= 1.0:
            self.left -= 1.0
            return 0.0
        return (1.0 - self.left) / self.per_second


@dataclass
class Paces:
    """The pace of a number and of everybody it writes to."""

    per_second: float
    people: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    number: Bucket = field(init=False)

    def __post_init__(self) -> None:
        self.number = Bucket(self.per_second, self.per_second, self.per_second, 0.0)

    def person_s(self, address: str, now_s: float) -> float:
        """0 and counted when this person may be written to now, else the seconds until then."""
        bucket = self.people.get(address)
        if bucket is None:
            bucket = self.people[address] = Bucket(1 / PERSON_EVERY_S, PERSON_BURST, PERSON_BURST, now_s)
        self.people.move_to_end(address)
        if len(self.people) > MOST_PEOPLE:
            self.people.popitem(last=False)
        return bucket.take_s(now_s)

    def too_fast(self, address: str, now_s: float) -> None:
        """Meta finds it too fast: the burst of this person is used up."""
        self.people[address] = Bucket(1 / PERSON_EVERY_S, PERSON_BURST, 0.0, now_s)


@dataclass(frozen=True)
class QuietHours:
    """When nobody is woken by news, in the time of the regency. Answers are not news."""

    begins: time
    ends: time
    zone: tzinfo

    def wait(self, now: datetime) -> timedelta:
        """How long until news may be sent; zero outside of the quiet hours.

        >>> from datetime import timezone
        >>> night = QuietHours(time(21), time(7), timezone.utc)
        >>> night.wait(datetime(2026, 11, 23, 22, tzinfo=timezone.utc))
        datetime.timedelta(seconds=32400)
        """
        local = now.astimezone(self.zone)
        clock = local.time()
        over_midnight = self.begins > self.ends
        late, early = clock >= self.begins, clock < self.ends
        if not ((late or early) if over_midnight else (late and early)):
            return timedelta(0)
        end = local.replace(hour=self.ends.hour, minute=self.ends.minute, second=0, microsecond=0)
        return end + timedelta(days=1) - local if end <= local else end - local


def quiet_hours(written: str, zone: tzinfo) -> QuietHours:
    """`21-07` as hours of the clock. Raises ValueError."""
    begins, _, ends = written.partition("-")
    return QuietHours(time(int(begins)), time(int(ends)), zone)
