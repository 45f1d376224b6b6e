"""The paper that a reporter keeps after using a right: what was done, when, and a line that only we can have written."""

from __future__ import annotations

import hmac
from datetime import datetime

from backend.cases.case import Case
from backend.reference.loader import Reference
from backend.usecases.secrets_port import Stamper

SIGNED = "Tanda keabsahan: "


def receipt(
    what: str, number: str, at: datetime, reference: Reference, stamper: Stamper, more: str = ""
) -> str:
    """Plain text; the last line is an HMAC of those above. `what` is exported, rectified, restricted or erased."""
    sentence = reference.sentence
    lines = [sentence("right_head"), sentence(f"right_{what}", number=number), f"{at:%d-%m-%Y %H:%M} UTC"]
    body = "\n".join([*lines, *([more] if more else [])])
    return f"{body}\n{SIGNED}{stamper.stamp(body)}"


def receipt_by_code(what: str, case: Case, now: datetime, reference: Reference, stamper: Stamper) -> str:
    """For whoever has the code: a sealed case keeps its number to itself."""
    number = reference.sentence("right_this_one") if case.is_sealed else case.number
    more = at_lapor(case, reference) if what == "erased" else ""
    return receipt(what, number, case.time_kept(now), reference, stamper, more)


def at_lapor(case: Case, reference: Reference) -> str:
    """Where else a copy lies, which we cannot erase; empty when nowhere."""
    number = case.lapor_tracking_id
    return reference.sentence("right_at_lapor", number=number) if number else ""


def is_genuine(text: str, stamper: Stamper) -> bool:
    """Whether a receipt was written by this installation and nothing in it was changed."""
    body, _, signature = text.strip().rpartition(f"\n{SIGNED}")
    return hmac.compare_digest(signature.encode(), stamper.stamp(body).encode())
