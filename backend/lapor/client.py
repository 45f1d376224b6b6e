"""LAPOR!'s API over HTTP: one report in, its number out. Which failures may be tried again is decided here and nowhere else.

Shape of the interface as Lapor Mas Wapres uses it (upload first, then the report with its fields). KemenPANRB gives access and the
last word on names; what it names otherwise is changed in `_fields` and `_answer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

from backend.cases.case import ReportClass
from backend.cases.submission import Submission

CLASSES = {
    ReportClass.COMPLAINT: "pengaduan",
    ReportClass.ASPIRATION: "aspirasi",
    ReportClass.INFORMATION_REQUEST: "permintaan_informasi",
}


class Failure(StrEnum):
    """busy: try later · unknown: it may have been taken, ask first · refused: these fields will never be taken · locked_out: our
    key is not accepted, no case can pass."""

    BUSY = "busy"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    LOCKED_OUT = "locked_out"


class LaporFailed(Exception):
    """A call that brought no number; `why` is short and holds no content. `wait_s` is what LAPOR! asked us to wait."""

    def __init__(self, kind: Failure, why: str, wait_s: float | None = None) -> None:
        super().__init__(f"{kind}: {why}")
        self.kind, self.why, self.wait_s = kind, why, wait_s


@dataclass(frozen=True)
class Taken:
    """LAPOR!'s number of a report, and what it tells back of it."""

    number: str
    kept: Mapping[str, object]


@dataclass(frozen=True)
class FileToSend:
    """One file, opened."""

    name: str
    media_type: str
    content: bytes


class LaporClient:
    """Bound to one address and one key. Nothing is repeated here: the ledger decides when."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    def at(cls, url: str, token: str, timeout_s: float) -> LaporClient:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return cls(httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_s))

    async def close(self) -> None:
        await self._http.aclose()

    async def find(self, reference: str) -> Taken | None:
        """The report that carries our number among its tags; None when LAPOR! says there is none. Raises LaporFailed."""
        told = await self._call("GET", "/complaints", params={"tag": reference})
        found = told.get("data")
        if not isinstance(found, list):
            raise LaporFailed(Failure.BUSY, "answer without data")
        return _answer(found[0]) if found else None

    async def upload(self, file: FileToSend) -> str:
        """The id under which LAPOR! keeps the file. Raises LaporFailed; a file uploaded twice is harmless."""
        told = await self._call(
            "POST", "/documents", files={"file": (file.name, file.content, file.media_type)}
        )
        return str(_field(told, "id"))

    async def submit(self, submission: Submission, key: str, files: Sequence[str]) -> Taken:
        """The number of the new report. Raises LaporFailed; after UNKNOWN `find` must be asked before the next attempt."""
        told = await self._call(
            "POST", "/complaints", json=_fields(submission, files), headers={"Idempotency-Key": key}
        )
        return _answer(told.get("data"))

    async def state(self, number: str) -> Mapping[str, object]:
        """What LAPOR! tells of a report now. Raises LaporFailed."""
        told = await self._call("GET", f"/complaints/{number}")
        return _answer(told.get("data")).kept

    async def replies(self, number: str) -> tuple[str, ...]:
        """The answers that LAPOR! shows under a report. Raises LaporFailed."""
        told = await self._call("GET", f"/complaints/{number}/replies")
        found = told.get("data")
        if not isinstance(found, list):
            raise LaporFailed(Failure.BUSY, "answer without data")
        return tuple(str(_field(one, "content")) for one in found)

    async def reply(self, number: str, text: str, key: str) -> None:
        """An answer of the office to the reporter's report at LAPOR!. Raises LaporFailed."""
        await self._call(
            "PUT", f"/complaints/{number}/replies", json={"content": text}, headers={"Idempotency-Key": key}
        )

    async def _call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, path, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
            raise LaporFailed(Failure.BUSY, type(failure).__name__) from failure
        except httpx.TransportError as failure:
            raise LaporFailed(Failure.UNKNOWN, type(failure).__name__) from failure
        _check(answer)
        try:
            told = answer.json()
        except ValueError as failure:
            raise LaporFailed(Failure.UNKNOWN, "answer is no JSON") from failure
        if not isinstance(told, dict):
            raise LaporFailed(Failure.UNKNOWN, "answer is no object")
        return told


def _check(answer: httpx.Response) -> None:
    """Raises LaporFailed by class of status; what a server that broke has done is unknown."""
    status = answer.status_code
    if status < 300:
        return
    why = f"status {status}"
    if status == 429:
        raise LaporFailed(Failure.BUSY, why, _wait_s(answer))
    if status in (401, 403):
        raise LaporFailed(Failure.LOCKED_OUT, why)
    if status in (408, 409, 425) or status >= 500:
        raise LaporFailed(Failure.UNKNOWN, why, _wait_s(answer))
    raise LaporFailed(Failure.REFUSED, why)


def _wait_s(answer: httpx.Response) -> float | None:
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _fields(submission: Submission, files: Sequence[str]) -> dict[str, Any]:
    return {
        "classification": CLASSES[submission.report_class],
        "title": submission.title,
        "content": submission.content,
        "date_of_incident": submission.happened_on.isoformat(),
        "location": submission.place,
        "disposition": submission.agency,
        "category": submission.leaf or submission.category,
        "is_anonymous": submission.anonymous,
        "is_secret": submission.secret,
        "attachments": list(files),
        "copy_externals": list(submission.copies),
        "tags_raw": submission.reference,
    }


def _answer(told: object) -> Taken:
    number = _field(told, "tracking_id")
    if not isinstance(told, dict) or not str(number).isdigit():
        raise LaporFailed(Failure.UNKNOWN, "answer without a number")
    return Taken(str(number), told)


def _field(told: object, name: str) -> object:
    if not isinstance(told, dict) or name not in told:
        raise LaporFailed(Failure.UNKNOWN, f"answer without {name}")
    return told[name]
