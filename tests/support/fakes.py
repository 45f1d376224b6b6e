"""In-memory fakes of the ports. They pass the contract suite that PostgreSQL passes (`tests/persistence/contract.py`)."""

from __future__ import annotations

import copy
import hashlib
import hmac
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from backend.cases.case import Case, Happened
from backend.cases.errors import StaleCase
from backend.cases.place import Place
from backend.cases.submission import HandOver, ReplyThere
from backend.cases.workflow import State
from backend.reference.loader import Reference, load
from backend.review.decisions import GOLD, Vote
from backend.review.marking import Mark
from backend.review.priority import CERTAINLY_WRONG, TOLD_BY_SOMEBODY
from backend.usecases.ports import (
    Attachment,
    AuditEntry,
    DuplicateCase,
    FieldCopy,
    FoundPlace,
    HumanRequest,
    Notice,
    Proof,
    ReviewItem,
    ThreadMessage,
)
from backend.usecases.reach import Reach
from backend.usecases.services import Services
from tests.support.fake_field_copies import FakeFieldCopies
from tests.support.fake_handovers import FakeHandOvers, FakeRepliesThere

SECRET = b"only for tests"


@dataclass
class Store:
    """Everything that is committed."""

    cases: dict[str, Case] = field(default_factory=dict)
    digests: dict[bytes, str] = field(default_factory=dict)
    thread: list[ThreadMessage] = field(default_factory=list)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    line_is_cut: bool = False
    line_was_mended_at: datetime | None = None
    review: dict[str, ReviewItem] = field(default_factory=dict)
    votes: dict[str, list[Vote]] = field(default_factory=dict)
    voted: list[tuple[str, str, datetime]] = field(default_factory=list)
    proposals: dict[str, datetime] = field(default_factory=dict)
    marks: dict[tuple[str, str], tuple[Mark, ...]] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    failures: list[tuple[str, datetime]] = field(default_factory=list)
    emptied: dict[str, datetime] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    human_requests: list[HumanRequest] = field(default_factory=list)
    handovers: dict[str, HandOver] = field(default_factory=dict)
    replies_there: dict[str, ReplyThere] = field(default_factory=dict)
    field_copies: dict[str, tuple[FieldCopy, bytes]] = field(default_factory=dict)

    def snapshot(self) -> Store:
        """A copy that can be changed alone; the values inside are frozen."""
        return Store(**{one.name: copy.copy(getattr(self, one.name)) for one in fields(self)})


class FakeCases:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, case: Case, code_digest: bytes) -> None:
        for name in ("draft_id", "number"):
            if any(getattr(known, name) == getattr(case, name) for known in self._store.cases.values()):
                raise DuplicateCase(name)
        if code_digest in self._store.digests:
            raise DuplicateCase("code")
        self._store.cases[case.id] = case
        self._store.digests[code_digest] = case.id

    async def save(self, case: Case) -> Case:
        stored = self._store.cases[case.id]
        if stored.version != case.version:
            raise StaleCase(case.id)
        new_events = case.events[len(stored.events) :]
        saved = replace(case, version=case.version + 1, events=(*stored.events, *new_events))
        self._store.cases[case.id] = saved
        return saved

    async def replace_code(self, case_id: str, digest: bytes) -> None:
        for known in [one for one, of in self._store.digests.items() if of == case_id]:
            del self._store.digests[known]
        self._store.digests[digest] = case_id

    async def by_id(self, case_id: str) -> Case | None:
        return self._store.cases.get(case_id)

    async def by_draft_id(self, draft_id: str) -> Case | None:
        return next((case for case in self._store.cases.values() if case.draft_id == draft_id), None)

    async def by_number(self, number: str) -> Case | None:
        return next((case for case in self._store.cases.values() if case.number == number), None)

    async def by_code_digest(self, digest: bytes) -> Case | None:
        return self._store.cases.get(self._store.digests.get(digest, ""))

    async def by_lapor_number(self, number: str) -> Case | None:
        return next((one for one in self._store.cases.values() if one.lapor_tracking_id == number), None)

    async def followers(self, case_id: str) -> tuple[Case, ...]:
        found = [case for case in self._store.cases.values() if case.parent_id == case_id]
        return tuple(sorted(found, key=lambda case: case.filed_at))

    async def similar_candidates(
        self, issues: Sequence[str], regency_code: str, since: datetime, limit: int = 50
    ) -> tuple[Case, ...]:
        found = [
            case
            for case in self._store.cases.values()
            if case.issue in issues
            and case.place.regency_code == regency_code
            and case.filed_at >= since
            and not (case.is_closed or case.state is State.MERGED or case.sensitive or case.oversight)
        ]
        return tuple(sorted(found, key=lambda case: case.filed_at, reverse=True)[:limit])

    async def page(self, after: str = "", limit: int = 200) -> tuple[Case, ...]:
        later = sorted(
            (case for case in self._store.cases.values() if case.id > after), key=lambda one: one.id
        )
        return tuple(later[:limit])

    async def n_filed_since(self, since: datetime, among: Reach | None = None) -> int:
        return len(self._since(since, among))

    async def filed_since(
        self, since: datetime, before: Case | None = None, limit: int = 200, among: Reach | None = None
    ) -> tuple[Case, ...]:
        found = self._since(since, among)
        if before is not None:
            found = [one for one in found if (one.filed_at, one.id) < (before.filed_at, before.id)]
        return tuple(found[:limit])

    def _since(self, since: datetime, among: Reach | None) -> list[Case]:
        found = [
            case
            for case in self._store.cases.values()
            if case.filed_at >= since
            and (
                among is None
                or among.issues is None
                or case.issue in among.issues
                or (among.dates and not case.is_closed)
            )
        ]
        return sorted(found, key=lambda one: (one.filed_at, one.id), reverse=True)


class FakeThread:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, message: ThreadMessage) -> None:
        self._store.thread.append(message)

    async def of_case(self, case_id: str) -> tuple[ThreadMessage, ...]:
        return tuple(message for message in self._store.thread if message.case_id == case_id)


class FakeAttachments:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, attachment: Attachment) -> None:
        self._store.attachments[attachment.id] = attachment

    async def bind(self, conversation: str, ids: Sequence[str], case_id: str) -> tuple[str, ...]:
        bound = []
        for one in ids:
            known = self._store.attachments.get(one)
            if known and known.conversation == conversation and known.case_id is None:
                self._store.attachments[one] = replace(known, conversation=None, case_id=case_id)
                bound.append(one)
        return tuple(bound)

    async def of_case(self, case_id: str) -> tuple[Attachment, ...]:
        return tuple(one for one in self._store.attachments.values() if one.case_id == case_id)

    async def read(self, attachment_id: str) -> bytes | None:
        return None


class FakeContacts:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def link(self, case_id: str, conversation: str) -> None:
        self._store.contacts[case_id] = conversation

    async def recipient(self, case_id: str) -> str | None:
        return self._store.contacts.get(case_id)

    async def cases_of(self, conversation: str) -> tuple[str, ...]:
        senders = self._store.senders
        sender = senders.get(conversation, conversation)
        mine = [one for one, other in self._store.contacts.items() if senders.get(other, other) == sender]
        return tuple(sorted(mine, key=lambda one: self._store.cases[one].filed_at, reverse=True))

    async def unlink(self, case_id: str) -> None:
        self._store.contacts.pop(case_id, None)


class FakeOutbox:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, notice: Notice) -> None:
        self._store.notices.append(notice)

    async def settled_at(self, conversation: str, written_at: datetime) -> datetime | None:
        if self._store.line_is_cut:
            return None
        gone = self._store.line_was_mended_at
        return max(written_at, gone) if gone else written_at


class FakeReview:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, item: ReviewItem) -> None:
        known = self._store.review.get(item.id)
        if known is None:
            self._store.review[item.id] = item
            return
        told = item.reason in TOLD_BY_SOMEBODY and known.reason not in CERTAINLY_WRONG
        self._store.review[item.id] = replace(
            known,
            n=known.n + 1,
            reason=item.reason if told else known.reason,
            ranking=item.ranking if told and item.reason in CERTAINLY_WRONG else known.ranking,
            uncertainty=max(known.uncertainty, item.uncertainty),
            harm=max(known.harm, item.harm),
        )

    async def add_of_case(self, case_id: str, item: ReviewItem) -> None:
        await self.add(replace(item, talk=case_id))

    async def pending(
        self, limit: int = 50, by: str | None = None, issue: str | None = None
    ) -> tuple[ReviewItem, ...]:
        statuses = ("pending",) if by is None else ("pending", "second", "disputed")
        waiting = [
            item
            for item in self._store.review.values()
            if item.status in statuses
            and item.source != GOLD
            and (issue is None or item.issue == issue)
            and by not in {vote.by for vote in self._store.votes.get(item.id, [])}
        ]

        def order(item: ReviewItem) -> tuple[float, datetime]:
            return (-item.uncertainty * math.log(1 + item.n) * item.harm, item.at)

        return tuple(sorted(waiting, key=order)[:limit])

    async def by_id(self, item_id: str) -> ReviewItem | None:
        return self._store.review.get(item_id)

    async def disputes(self, by: str) -> tuple[ReviewItem, ...]:
        return tuple(
            item
            for item in self._store.review.values()
            if item.status == "disputed"
            and by in {vote.by for vote in self._store.votes.get(item.id, []) if not vote.is_skip}
        )

    async def propose(self, item_id: str, by: str, at: datetime) -> None:
        self._store.proposals.setdefault(item_id, at)

    async def proposed(self) -> tuple[ReviewItem, ...]:
        newest = sorted(
            self._store.proposals, key=lambda one: (self._store.proposals[one], one), reverse=True
        )
        return tuple(self._store.review[one] for one in newest if self._store.review[one].context)

    async def settle(
        self, item_id: str, status: str, label: str | None, by: str, at: datetime
    ) -> ReviewItem | None:
        item = self._store.review.get(item_id)
        if item is None:
            return None
        decided = replace(item, status=status, label=label)
        if status != "pending":
            decided = replace(decided, decided_by=by, decided_at=at)
        self._store.review[item_id] = decided
        return decided

    async def approved(self) -> tuple[ReviewItem, ...]:
        done = [item for item in self._store.review.values() if item.status == "approved"]
        return tuple(sorted(done, key=lambda item: item.decided_at or item.at))

    async def votes(self, item_id: str) -> tuple[Vote, ...]:
        return tuple(self._store.votes.get(item_id, []))

    async def vote(self, item_id: str, vote: Vote, at: datetime) -> None:
        self._store.votes.setdefault(item_id, []).append(vote)
        self._store.voted.append((vote.by, item_id, at))

    async def last_votes(self, by: str) -> tuple[str, ...]:
        last = max((at for who, _, at in self._store.voted if who == by), default=None)
        return tuple(sorted({item for who, item, at in self._store.voted if who == by and at == last}))

    async def mark(self, item_id: str, by: str, marks: Sequence[Mark]) -> None:
        self._store.marks[item_id, by] = tuple(marks)

    async def marked(self) -> tuple[tuple[str, str, str], ...]:
        found = [
            (item.text, one.kind, item.text[one.start : one.stop])
            for (item_id, _), marks in sorted(self._store.marks.items())
            for one in marks
            if (item := self._store.review[item_id]).status == "approved"
        ]
        return tuple(dict.fromkeys(found))

    async def gold_votes(self, by: str) -> dict[str, str]:
        return {
            item_id: vote.label or vote.reason
            for item_id, votes in self._store.votes.items()
            for vote in votes
            if vote.by == by and self._store.review[item_id].source == GOLD
        }

    async def take_back(self, item_id: str, by: str) -> None:
        votes, voted = self._store.votes.get(item_id, []), self._store.voted
        if mine := [place for place, vote in enumerate(votes) if vote.by == by]:
            del votes[mine[-1]]
            del voted[max(place for place, one in enumerate(voted) if one[:2] == (by, item_id))]
        self._store.marks.pop((item_id, by), None)

    async def double_votes(self) -> tuple[tuple[str, str], ...]:
        said = [
            [vote.label or vote.reason for vote in votes if not vote.is_skip]
            for item_id, votes in self._store.votes.items()
            if self._store.review[item_id].source != GOLD
        ]
        return tuple((labels[0], labels[1]) for labels in said if len(labels) > 1)

    async def counts(self, by: str, since: datetime) -> dict[str, int]:
        found = Counter(item.status for item in self._store.review.values() if item.source != GOLD)
        return {**found, "mine": sum(who == by and at >= since for who, _, at in self._store.voted)}

    async def unlearn(
        self, *, item_id: str | None = None, sender: str | None = None, talk: str | None = None
    ) -> int:
        wanted = {"id": item_id, "sender": sender, "talk": talk}
        gone = [
            item
            for item in self._store.review.values()
            if item.status != "unlearned"
            and any(getattr(item, name) == value for name, value in wanted.items() if value is not None)
        ]
        for item in gone:
            self._store.marks = {key: one for key, one in self._store.marks.items() if key[0] != item.id}
            self._store.review[item.id] = replace(
                item, status="unlearned", text="", context=(), label=None, ranking=()
            )
        return len(gone)


class FakeAudit:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, entry: AuditEntry) -> None:
        self._store.audit.append(entry)

    async def of_case(self, case_id: str) -> tuple[AuditEntry, ...]:
        return tuple(entry for entry in self._store.audit if entry.case_id == case_id)


class FakeLookups:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def failures(self, asker_key: str, since: datetime) -> tuple[datetime, ...]:
        return tuple(sorted(at for key, at in self._store.failures if key == asker_key and at >= since))

    async def add_failure(self, asker_key: str, at: datetime) -> None:
        self._store.failures.append((asker_key, at))


class FakeConversations:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def empty(self, conversation: str, purge_at: datetime) -> None:
        self._store.emptied[conversation] = purge_at

    async def forget(self, conversation: str) -> None:
        self._store.forgotten.add(conversation)
        for case_id, other in list(self._store.contacts.items()):
            if other == conversation:
                del self._store.contacts[case_id]

    async def request_human(self, request: HumanRequest) -> None:
        self._store.human_requests.append(request)


class FakeErasure:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def erase(self, case_id: str) -> int:
        store, case = self._store, self._store.cases[case_id]
        kept = Place(regency_code=case.place.regency_code, district_code=case.place.district_code)
        events = tuple(replace(event, public_note="", private_note="") for event in case.events)
        bare = replace(case, description="", place=kept, happened=Happened(), attributes={}, objection=None)
        store.cases[case_id] = replace(bare, events=events)
        files = [one.id for one in store.attachments.values() if one.case_id == case_id]
        messages = [one for one in store.thread if one.case_id == case_id]
        store.thread = [one for one in store.thread if one.case_id != case_id]
        for one in files:
            del store.attachments[one]
            store.field_copies.pop(one, None)
        store.contacts.pop(case_id, None)
        return len(files) + len(messages)


class FakeUnitOfWork:
    """A transaction over a `Store`: changes are seen by others only after `commit`."""

    def __init__(self, store: Store) -> None:
        self._committed = store
        self._begin()

    def _begin(self) -> None:
        self._own = self._committed.snapshot()
        self.cases = FakeCases(self._own)
        self.thread = FakeThread(self._own)
        self.attachments = FakeAttachments(self._own)
        self.field_copies = FakeFieldCopies(self._own)
        self.contacts = FakeContacts(self._own)
        self.outbox = FakeOutbox(self._own)
        self.review = FakeReview(self._own)
        self.audit = FakeAudit(self._own)
        self.lookups = FakeLookups(self._own)
        self.conversations = FakeConversations(self._own)
        self.handovers = FakeHandOvers(self._own)
        self.replies_there = FakeRepliesThere(self._own)
        self.erasure = FakeErasure(self._own)

    async def __aenter__(self) -> Self:
        self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.rollback()

    async def commit(self) -> None:
        for one in fields(Store):
            setattr(self._committed, one.name, copy.copy(getattr(self._own, one.name)))

    async def rollback(self) -> None:
        self._begin()


class SeededRandom:
    """Chance that repeats itself."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def randbelow(self, limit: int) -> int:
        return self._random.randrange(limit)

    def token_hex(self, n_bytes: int) -> str:
        return self._random.randbytes(n_bytes).hex()


class FakeSealer:
    """Counts its calls, so that a test can show that a mistyped code never gets here."""

    def __init__(self) -> None:
        self.n_calls = 0

    def digest(self, code: str) -> bytes:
        self.n_calls += 1
        return hmac.new(SECRET, code.encode(), hashlib.sha256).digest()

    def stamp(self, text: str) -> str:
        return self.digest(text).hex()


class FakeRefs:
    """Tokens that are signed, not encrypted: readable in a failing test, of no use in another conversation."""

    def seal(self, conversation: str, case_id: str, proof: Proof) -> str:
        return f"{case_id}.{proof}.{self._sign(conversation, case_id, proof)}"

    def open(self, conversation: str, case_ref: str) -> tuple[str, Proof] | None:
        case_id, _, rest = case_ref.partition(".")
        proof, _, signature = rest.partition(".")
        if proof not in {one.value for one in Proof}:
            return None
        fits = hmac.compare_digest(signature, self._sign(conversation, case_id, Proof(proof)))
        return (case_id, Proof(proof)) if fits else None

    def _sign(self, conversation: str, case_id: str, proof: Proof) -> str:
        return hmac.new(SECRET, f"{conversation}|{case_id}|{proof}".encode(), hashlib.sha256).hexdigest()[:16]


class FakePlaces:
    """Knows the places it was told, by text or by rounded point."""

    def __init__(self, known: dict[str, FoundPlace] | None = None) -> None:
        self.known = known or {}

    def by_text(self, text: str, home: str) -> FoundPlace:
        return self.known.get(text, FoundPlace("unknown", Place(text=text)))

    def label(self, code: str) -> str:
        return f"Wilayah {code}"

    def parts(self, code: str) -> tuple[tuple[str, str], ...]:
        return ((f"{code}.03", "Sangatta Selatan"), (f"{code}.04", "Sangatta Utara"))

    def by_point(self, latitude: float, longitude: float, accuracy_m: float | None, home: str) -> FoundPlace:
        return self.known.get(f"{latitude:.1f},{longitude:.1f}", FoundPlace("unknown"))


def services(
    reference: Reference | None = None,
    *,
    seed: int = 1,
    places: FakePlaces | None = None,
    home: str = "64.08",
) -> Services:
    """Services with real reference data, and everything else fake."""
    return Services(
        reference=reference or load(),
        codes=FakeSealer(),
        refs=FakeRefs(),
        random=SeededRandom(seed),
        places=places or FakePlaces(),
        home=home,
        stamper=FakeSealer(),
    )
