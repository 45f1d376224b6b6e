"""Words on their way to a reporter: templates to begin with, variables filled, and a look before they leave that is never skipped in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.cases.access import Officer
from backend.cases.case import Case
from backend.reference.loader import Reference
from backend.review.masking import composed
from backend.review.outgoing import Finding, findings, hints
from backend.usecases.fill_words import fill_words
from backend.usecases.ports import AuditEntry

AROUND = 40


def templates_for(case: Case, moves: Sequence[str], reference: Reference, now: datetime) -> dict[str, Any]:
    """Move → (code, name, words filled for this case), those for the case's own matter first."""
    fitting = {
        move: [one for one in reference.reply_templates if one.fits(move, case.issue)] for move in moves
    }
    return {
        move: [
            (one.code, one.name, fill_words(one.text, case, reference, now))
            for one in sorted(found, key=lambda one: not one.issues)
        ]
        for move, found in fitting.items()
    }


def raw_templates(move: str, reference: Reference) -> list[tuple[str, str, str]]:
    """(code, name, words with their variables) for an order for many cases."""
    return [(one.code, one.name, one.text) for one in reference.reply_templates if one.fits(move, "")]


def notes_of(cases: Sequence[Case]) -> list[str]:
    """What officers wrote for officers."""
    return [event.private_note for case in cases for event in case.events if event.private_note]


def seal_of(words: str) -> str:
    """What "send it all the same" is given for: these words and no others."""
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def looked_at(words: str, notes: Sequence[str], reference: Reference) -> dict[str, Any]:
    """What the page shows before the words leave: findings with the words around them, and hints for plainer words."""
    found = findings(words, notes, reference.public_contacts())
    text = composed(words)
    return {
        "findings": [
            {
                "kind": reference.sentence(_key(one)),
                "before": text[max(0, one.start - AROUND) : one.start],
                "found": text[one.start : one.end],
                "after": text[one.end : one.end + AROUND],
            }
            for one in found
        ],
        "hints": hints(text, reference.jargon),
        "seal": seal_of(words),
        "kinds": sorted({one.kind for one in found}),
    }


def _key(one: Finding) -> str:
    return f"check_{one.mask.strip('[]').lower() or one.kind}"


def sent_all_the_same(case_id: str, officer: Officer, kinds: Sequence[str], now: datetime) -> AuditEntry:
    """The line that says that the officer was shown this and sent it."""
    return AuditEntry(now, officer.id, "sent_despite_check", case_id, "", {"found": ", ".join(kinds)})
