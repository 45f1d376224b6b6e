"""The rows of invented cases, sealed and chained by the product's own functions, ready for COPY."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from backend.cases.case import Case, Event, IdentityLevel
from backend.cases.urgency import stages_reached
from backend.cases.workflow import KIND, Kind, Mover, State
from backend.persistence.rows import case_row, event_rows
from backend.persistence.sealing import Sealer, Vault
from backend.reference import escalation
from backend.reference.loader import Reference
from tests.bench.invented import Inventor, Told


def _form(names: str) -> str:
    return "{" + ", ".join(f'"{name}": %({name})s' for name in names.split()) + "}"


OPEN = frozenset(str(state) for state in State if KIND[state] is Kind.OPEN)
CLOSED = frozenset(state for state in State if KIND[state] is Kind.CLOSED)
AUTHORS = {Mover.REPORTER: "reporter", Mover.SYSTEM: "system"}
# A reporter who writes every week is one of these.
BUSY_SENDERS, BUSY_SHARE = 200, 0.05
LINKED_AFTER_END = timedelta(days=45)
LONG_LATE = timedelta(days=30)  # then every stage was reached
PHOTO = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
HISTORY = _form("at by_id by_kind case_id new_state notes old_state seq what")
AUDIT = _form("action actor at case_id chain details reason seq")
STAGES = escalation.stages()
Row = Mapping[str, Any]


class KnownWords(Vault):
    """A vault that has met the words before: the blind index of a word is worked out once."""

    def words(self, text: str) -> list[bytes]:
        """As the vault's: no word goes over a space."""
        return sorted({one for part in text.split() for one in self._part(part)})

    @lru_cache(maxsize=200_000)  # noqa: B019 - one vault for the life of its process
    def _part(self, part: str) -> tuple[bytes, ...]:
        return tuple(super().words(part))

    def __hash__(self) -> int:
        return id(self)


@dataclass
class Rows:
    """Rows by table."""

    vault: Vault
    reference: Reference
    now: datetime
    rng: Random
    of: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def made(cls, inventor: Inventor, vault: Vault, seed: int, n: int, first: int, n_all: int) -> Rows:
        """`n` cases of a register of `n_all`; `first` are there before them."""
        known = KnownWords(vault.wrapping_keys, vault.identifier_key, vault.code_pepper, vault.audit_key)
        rows = cls(known, inventor.reference, inventor.now, Random(seed))
        leaders: dict[str, list[Case]] = {}
        for nth in range(first, first + n):
            told = inventor.case(rows.rng, leaders, nth, n_all)
            rows.add(told)
            if told.case.state is not State.MERGED and len(leaders.setdefault(told.case.desk, [])) < 200:
                leaders[told.case.desk].append(told.case)
        return rows

    def tables(self) -> Iterator[tuple[str, Sequence[str], list[tuple[Any, ...]]]]:
        """Table, columns and records of each."""
        for table, rows in self.of.items():
            columns = list(rows[0])
            yield table, columns, [tuple(map(_stored, row.values())) for row in rows]

    def add(self, told: Told) -> None:
        """Everything that the register keeps of a case."""
        case = told.case
        sealer, wrapped = self.vault.new_key(f"case:{case.id}")
        code = f"{self.rng.getrandbits(66):020d}"
        key = {"key_version": wrapped.version, "key_wrapped": wrapped.wrapped}
        facts = case_row(case, sealer, self.vault)
        self._put("cases", {**facts, **key, "code_digest": self.vault.digest(code), "version": case.version})
        self._chain("case_history", event_rows(case.id, case.events, sealer), HISTORY)
        self._chain("audit", [self._audited(case, n, event) for n, event in enumerate(case.events, 1)], AUDIT)
        self._thread(told, sealer)
        self._contact(case, sealer)
        if case.state in OPEN:
            for stage in self._stages(self.reference.today(case.filed_at, case.desk), case.due.on, case.desk):
                self._put(
                    "case_alerts", {"case_id": case.id, "kind": stage, "due_on": case.due.on, "at": self.now}
                )
        if case.state not in (State.RECEIVED, State.WITHDRAWN) and self.rng.random() < 0.6:
            self._hand_over(case)

    def _put(self, table: str, row: Row) -> None:
        self.of.setdefault(table, []).append(row)

    def _chain(self, table: str, rows: Sequence[Row], form: str) -> None:
        """Links as `chained` makes them, which a test compares; written out, because there are ten of them for each case."""
        previous, audit = b"", self.vault.audit
        for row in rows:
            plain = {name: _quoted(value) for name, value in row.items()}
            link = audit(previous, (form % plain).encode())
            self._put(table, {**row, "previous": previous, "link": link})
            previous = link

    def _audited(self, case: Case, seq: int, event: Event) -> Row:
        filed = event.old is None
        return {
            "chain": f"case:{case.id}",
            "seq": seq,
            "case_id": case.id,
            "at": event.at,
            "actor": event.by.id or event.by.kind.value,
            "action": "case_filed" if filed else "case_moved",
            "reason": case.assignment.rule if filed else event.public_note and "public reason given",
            "details": {} if event.old is None else {"new": event.new.value, "old": event.old.value},
        }

    def _thread(self, told: Told, sealer: Sealer) -> None:
        case = told.case
        for position, (by, words, at) in enumerate(told.thread, 1):
            one = f"{self.rng.getrandbits(128):032x}"
            row = {"id": one, "case_id": case.id, "position": position, "author": AUTHORS.get(by, "officer")}
            self._put("case_messages", {**row, "body": sealer.seal_text(words, f"message:{one}"), "at": at})
        for position in range(1, told.n_files + 1):
            one = f"{self.rng.getrandbits(128):032x}"
            row = {"id": one, "case_id": case.id, "position": position, "kind": "photo"}
            body = sealer.seal(PHOTO, f"attachment:{one}")
            self._put("attachments", {**row, "media_type": "image/jpeg", "n_bytes": len(PHOTO), "body": body})

    def _contact(self, case: Case, sealer: Sealer) -> None:
        """Open cases and those that ended lately lead to a living conversation; anonymous ones never did."""
        over = case.state in CLOSED and case.events[-1].at < self.now - LINKED_AFTER_END
        if case.identity_level is IdentityLevel.ANONYMOUS or over:
            return
        conversation = f"{self.rng.getrandbits(128):032x}"
        busy = self.rng.random() < BUSY_SHARE
        sender = f"busy {self.rng.randrange(BUSY_SENDERS)}" if busy else conversation
        recipient = sealer.seal(conversation.encode(), f"recipient:{case.id}")
        contact = {"sender_hmac": self.vault.identifier("case sender", sender), "recipient": recipient}
        self._put("case_contacts", {"case_id": case.id, **contact, "linked_at": case.filed_at})
        _, wrapped = self.vault.new_key(f"conversation:{conversation}")
        key = {"key_version": wrapped.version, "key_wrapped": wrapped.wrapped}
        hmac = self.vault.identifier("sender web", conversation)
        self._put("conversations", {"id": conversation, "channel": "web", "sender_hmac": hmac, **key})
        self._put(
            "conversation_activity", {"conversation_id": conversation, "last_message_at": case.filed_at}
        )

    def _hand_over(self, case: Case) -> None:
        at = case.events[min(1, len(case.events) - 1)].at
        row = {"case_id": case.id, "way": "api", "progress": "handed_on", "by": "program", "begun_at": at}
        number = str(self.rng.getrandbits(52))
        self._put(
            "handovers_lapor", {**row, "their_number": number, "handed_on_at": at, "state_at": self.now}
        )

    def _stages(self, filed_on: date, due_on: date, desk: str) -> tuple[str, ...]:
        if due_on < self.now.date() - LONG_LATE:
            return tuple(stage.code for stage in STAGES)
        key = (filed_on, due_on, desk)
        known: dict[tuple[date, date, str], tuple[str, ...]] = self.__dict__.setdefault("_known", {})
        if key not in known:
            today, calendar = self.reference.today(self.now, desk), self.reference.calendar(desk)
            reached = stages_reached(STAGES, filed_on, due_on, today, calendar)
            known[key] = tuple(stage.code for stage in reached)
        return known[key]


_QUOTED: dict[type, Callable[[Any], Any]] = {
    str: lambda value: f'"{value}"',
    type(None): lambda value: "null",
    int: lambda value: value,
    datetime: lambda value: f'"{value.isoformat()}"',
    bytes: lambda value: f'"{value.hex()}"',
    dict: json.dumps,
}


def _quoted(value: Any) -> Any:
    """As JSON; the words here need no escaping."""
    return _QUOTED[type(value)](value)


def _stored(value: Any) -> Any:
    """As asyncpg copies it: JSON as text."""
    return json.dumps(value) if isinstance(value, dict) else value
