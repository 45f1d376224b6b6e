"""What an officer asks of the work list, read from the address: a named view, filters, an order, a search, a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from backend.cases.access import Officer
from backend.cases.case import IdentityLevel, ReportClass
from backend.cases.errors import CodeMistyped
from backend.cases.tracking_code import parse
from backend.cases.workflow import KIND, Kind, State
from backend.persistence.work_list import Order, Wish
from backend.usecases.order_case import awaits
from backend.usecases.ports import CodeSealer

NUMBER = re.compile(r"^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$")
LONGEST_SEARCH = 200
# A database counts further than Python does, and neither is asked for it.
OUR_YEARS = range(2000, 2101)
VIEWS = ("mine", "late", "waiting", "closed", "all", "open")
FILTERS = (
    "instansi",
    "urusan",
    "kecamatan",
    "keadaan",
    "jenis",
    "identitas",
    "darurat",
    "milik",
    "dari",
    "sampai",
)
KEPT = ("lihat", *FILTERS, "urut")
ALL = (*KEPT, "cari", "setelah")
ORDERS: dict[str, Order] = {"baru": "new", "lama": "old"}
WAITING = (State.AWAITING_REPORTER, State.ANSWERED)
# Doubles lie folded under their leader.
UNFOLDED = tuple(str(one) for one in State if one is not State.MERGED)
STILL_OPEN = tuple(one for one in UNFOLDED if KIND[State(one)] is not Kind.CLOSED)


def wish_of(given: Mapping[str, str], officer: Officer, today: date, zone: tzinfo, codes: CodeSealer) -> Wish:
    """The wish; what somebody wrote into the address by hand and is nothing, counts for nothing."""
    wish = of_view(given["lihat"], officer, today)
    wish = replace(
        wish,
        agency=given["instansi"],
        issue=given["urusan"],
        district=given["kecamatan"],
        report_class=given["jenis"] if given["jenis"] in set(ReportClass) else "",
        identity_level=given["identitas"] if given["identitas"] in set(IdentityLevel) else "",
        emergency=given["darurat"] == "1",
        assigned_to=officer.seat if given["milik"] == "1" else "",
        filed_from=_start(given["dari"], zone),
        filed_before=_start(given["sampai"], zone, 1),
        order=ORDERS.get(given["urut"], "due"),
    )
    if given["keadaan"] in set(State):
        wish = replace(wish, states=(given["keadaan"],), closed=False)
    if given["cari"]:
        wish = _search(replace(wish, states=(), closed=False, due_before=None), given["cari"], codes)
    return _page(wish, given["setelah"])


def _start(text: str, zone: tzinfo, days: int = 0) -> datetime | None:
    """When a day begins, or the one so many days later; None for what is no day of ours."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=days), time.min, zone) if day.year in OUR_YEARS else None


def _page(wish: Wish, after: str) -> Wish:
    at, _, case_id = after.partition("_")
    if not case_id:
        return wish
    try:
        key = date.fromisoformat(at) if wish.order == "due" else datetime.fromisoformat(at)
    except ValueError:
        return wish  # somebody wrote into the address: the first page
    if key.year not in OUR_YEARS or (isinstance(key, datetime) and key.tzinfo is None):
        return wish
    return replace(wish, after=(key, case_id))


def _search(wish: Wish, text: str, codes: CodeSealer) -> Wish:
    """A search goes through everything in view: by code, by number, or by words."""
    try:
        return replace(wish, code_digest=codes.digest(parse(text)))
    except CodeMistyped:
        if NUMBER.match(text):
            plain = text.upper().replace("-", "")
            return replace(wish, number=f"{plain[:4]}-{plain[4:]}")
        return replace(wish, text=text[:LONGEST_SEARCH])


def of_view(view: str, officer: Officer, today: date) -> Wish:
    """What a named view shows."""
    match view:
        case "late":
            return Wish(states=STILL_OPEN, due_before=today)
        case "open":
            return Wish(states=STILL_OPEN)
        case "waiting":
            return Wish(states=tuple(str(one) for one in WAITING))
        case "closed":
            return Wish(closed=True)
        case "all":
            return Wish(states=UNFOLDED)
        case _:
            return Wish(states=tuple(str(one) for one in awaits(officer)))


def address_of(given: Mapping[str, str], **changed: str) -> str:
    """The query of an address: what is given, with changes; empty values are left out."""
    values = {**given, **changed}
    return urlencode({name: values[name] for name in (*ALL, "tampilan") if values.get(name)})
