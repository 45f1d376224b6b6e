"""A LAPOR! of ours, in the process: keeps reports, and fails as told. It does NOT know idempotency keys: the real one may not either."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx

FAULTS = (
    "refuse_connection",
    "500_before",
    "500_after",
    "503_after",
    "timeout_before",
    "timeout_after",
    "garbage_after",
    "list_after",
    "no_number_after",
    "429",
    "401",
    "broken_connection_after",
)


@dataclass
class FakeLapor:
    """`faults` are used up one a call, None for a call that works."""

    faults: deque[str | None] = field(default_factory=deque)
    reports: list[dict[str, Any]] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    refuses_titles: set[str] = field(default_factory=set)
    n_faults: int = 0
    n_calls: int = 0

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url="https://lapor.test", transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.n_calls += 1
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            self.n_faults += 1
            return self._fail(fault, request)
        return self._work(request)

    def _fail(self, fault: str, request: httpx.Request) -> httpx.Response:
        if fault == "refuse_connection":
            raise httpx.ConnectError("refused", request=request)
        if fault == "429":
            return httpx.Response(429, headers={"Retry-After": "90"})
        if fault in ("400", "401"):
            return httpx.Response(int(fault))
        if fault.endswith("_after"):
            self._work(request)
        if fault.startswith("timeout"):
            raise httpx.ReadTimeout("slow", request=request)
        if fault.startswith("broken_connection"):
            raise httpx.RemoteProtocolError("cut", request=request)
        answers = {
            "500": httpx.Response(500),
            "503": httpx.Response(503, headers={"Retry-After": "soon"}),
            "garbage": httpx.Response(200, text="<html>galat</html>"),
            "list": httpx.Response(200, json=[1]),
            "no": httpx.Response(200, json={"data": {"status_name": "?"}}),
        }
        return answers[fault.split("_")[0]]

    def _work(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/documents":
            self.documents.append(request.content)
            return httpx.Response(201, json={"id": len(self.documents)})
        if path.endswith("/replies"):
            return self._answer(request, self.answers.setdefault(path.split("/")[2], []))
        if request.method == "POST":
            return self._take(json.loads(request.content))
        if path == "/complaints":
            tag = request.url.params["tag"]
            return httpx.Response(200, json={"data": [one for one in self.reports if one["tags_raw"] == tag]})
        number = path.rsplit("/", 1)[1]
        found = [one for one in self.reports if one["tracking_id"] == number]
        return httpx.Response(200, json={"data": found[0]}) if found else httpx.Response(404)

    def _answer(self, request: httpx.Request, shown: list[str]) -> httpx.Response:
        if request.method == "PUT":
            shown.append(json.loads(request.content)["content"])
        return httpx.Response(200, json={"data": [{"content": one} for one in shown]})

    def _take(self, fields: dict[str, Any]) -> httpx.Response:
        if fields["title"] in self.refuses_titles:
            return httpx.Response(422, json={"error": "judul"})
        report = {
            **fields,
            "tracking_id": str(7_000_001 + len(self.reports)),
            "status_name": "Belum Diverifikasi",
        }
        self.reports.append(report)
        return httpx.Response(201, json={"data": report})
