"""What is handed on to SP4N-LAPOR!: one case as LAPOR!'s form wants it, and nothing that tells who reported.

Sources: fields of the LAPOR! interface as used by Lapor Mas Wapres (`title`, `content`, `date_of_incident`, `location`, `category`,
`is_anonymous`, `is_secret`, `attachments`, `copy_externals`). Limits are rows of `lapor_fields.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backend.cases.case import Case, ReportClass
from backend.cases.workflow import State

# A report that was taken back, set aside or follows another one is not handed on.
NEVER_HANDED_ON = frozenset({State.WITHDRAWN, State.ARCHIVED, State.MERGED})
# A program hands on only what an officer has looked at; an officer may hand on anything.
UNVERIFIED = frozenset({State.RECEIVED, State.IN_VERIFICATION, State.AWAITING_REPORTER})


class Way(StrEnum):
    """How a case reaches LAPOR!."""

    MANUAL = "manual"
    API = "api"


class Progress(StrEnum):
    """sending: begun, its end unknown until it is written · refused: LAPOR! does not take it, an officer must look."""

    SENDING = "sending"
    WAITING = "waiting"
    HANDED_ON = "handed_on"
    REFUSED = "refused"


@dataclass(frozen=True)
class Submission:
    """The fields in LAPOR!'s order. `reference` is our public case number, by which a copy is recognised; `attachments` are ids of
    files; `copies` are names of offices that get a copy."""

    reference: str
    report_class: ReportClass
    title: str
    content: str
    happened_on: date
    place: str
    category: str
    leaf: str
    agency: str
    anonymous: bool
    secret: bool
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandOver:
    """One line of the ledger. `differences` name fields in which LAPOR! keeps something else than we sent; `tried_until` is when
    an attempt that was begun counts as lost; times are aware."""

    case_id: str
    way: Way
    progress: Progress
    by: str
    begun_at: datetime
    their_number: str | None = None
    their_state: str | None = None
    state_at: datetime | None = None
    handed_on_at: datetime | None = None
    differences: tuple[str, ...] = ()
    attempts: int = 0
    last_error: str | None = None
    tried_until: datetime | None = None


@dataclass(frozen=True)
class ReplyThere:
    """An answer of an office that LAPOR! is to show, too; its words are the message's. `told_at` is when it stood there; `tried_until`
    as in `HandOver`."""

    message_id: str
    case_id: str
    by: str
    marked_at: datetime
    told_at: datetime | None = None
    refused: bool = False
    attempts: int = 0
    last_error: str | None = None
    tried_until: datetime | None = None


def title_of(issue: str, place: str, limit: int) -> str:
    """Issue and place, at most `limit` characters, cut between words.

    >>> title_of("Lampu jalan mati", "Kec. Sangatta Utara, Kab. Kutai Timur", 100)
    'Lampu jalan mati di Kec. Sangatta Utara, Kab. Kutai Timur'
    >>> title_of("Lampu jalan mati", "Kec. Sangatta Utara, Kab. Kutai Timur", 32)
    'Lampu jalan mati di Kec.…'
    >>> title_of("Lampu jalan mati", "", 100)
    'Lampu jalan mati'
    """
    whole = " ".join(f"{issue} di {place}".split()) if place.strip() else " ".join(issue.split())
    return shortened(whole, limit)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; what is cut is cut between words and marked with `…`.

    >>> shortened("satu dua tiga", 9)
    'satu dua…'
    >>> shortened("satukatapanjang", 5)
    'satu…'
    """
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    before, space, _ = kept.rpartition(" ")
    if text[limit - 1].isspace() or not space:
        before = kept
    return before.rstrip(" ,;") + "…"


def is_due(case: Case, way: Way) -> bool:
    """Whether the case is to be handed on at all, and already."""
    if case.lapor_tracking_id is not None or case.state in NEVER_HANDED_ON or case.is_erased:
        return False
    return way is Way.MANUAL or not (case.is_restricted or case.state in UNVERIFIED)


def differences(sent: Submission, kept: Mapping[str, object]) -> tuple[str, ...]:
    """Names of the fields that LAPOR! tells back and keeps otherwise; fields that it does not tell are no difference."""
    own: dict[str, object] = {
        "title": sent.title,
        "category": sent.leaf or sent.category,
        "is_anonymous": sent.anonymous,
        "is_secret": sent.secret,
    }
    return tuple(name for name, value in own.items() if name in kept and kept[name] != value)
