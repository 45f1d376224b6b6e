"""Words with variables, filled for one case: what a template names in braces, as its reporter reads it."""

from __future__ import annotations

from datetime import datetime

from backend.cases.case import Case
from backend.reference.loader import Reference
from backend.reference.reply_templates import VARIABLE


def fill_words(text: str, case: Case, reference: Reference, now: datetime, agency: str = "") -> str:
    """`text` with the known variables filled; unknown ones stay, for the check before sending. `agency` is the office that the case is on
    its way to, empty when it stays."""
    values = _values(case, reference, now, agency)
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _values(case: Case, reference: Reference, now: datetime, agency: str) -> dict[str, str]:
    today = reference.today(now, case.desk)
    code = agency or case.assignment.agency
    office = reference.policy.agency(code, today)
    help_at = reference.facts("emergency", case.desk).get("medical")
    place = case.place.landmark or case.place.label or reference.sentence("fill_place")
    return {
        "nomor": case.number,
        "instansi": office.name if office else code,
        "batas": reference.date_label(case.due.on),
        "tempat": place,
        "urusan": reference.issue(case.issue).label,
        "masuk": reference.date_label(reference.today(case.filed_at, case.desk)),
        "hari_ini": reference.date_label(today),
        "darurat": help_at.value if help_at else reference.sentence("fill_contact"),
        "kontak": (office.contact if office else "") or reference.sentence("fill_contact"),
    }
