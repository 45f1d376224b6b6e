"""The handlers of `/open311/v2`: services, definitions, requests, tokens; JSON and XML, after GeoReport v2.

Reading is free, since what is shown is public; filing needs a key of the settings, whose holder answers for what it sends.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.persistence.public_requests import Wanted
from backend.web import urls
from backend.web.hygiene import Pace
from backend.web.open311 import formats, rows
from backend.web.open311.filing import FilingRefused, file_request
from backend.web.open311.keys import ApiKey, keys_of, known
from backend.web.ports import Site

LONGEST_SPAN = timedelta(days=90)
MOST_LISTED = 1000
READS_A_MINUTE = 60
FORMATS = ("json", "xml")
ONE = r"<name:[0-9A-Za-z_-]+\.(?:json|xml)>"
OfList = Callable[[Request, str], Coroutine[Any, Any, HTTPResponse]]
OfOne = Callable[[Request, str, str], Coroutine[Any, Any, HTTPResponse]]
Sent = Callable[..., Coroutine[Any, Any, HTTPResponse]]


class Refused(Exception):
    """An error of the specification: an HTTP status and a plain sentence for the programmer who calls."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Open311:
    """GeoReport v2 of one regency."""

    site: Site
    pace: Pace

    def blueprint(self) -> Blueprint:
        """Routes of the interface."""
        api = Blueprint("open311")
        for fmt in FORMATS:
            for method, path, handler in (
                ("GET", "discovery", self.discovery),
                ("GET", "services", self.services),
                ("GET", "requests", self.requests),
                ("POST", "requests", self.file),
            ):
                address = f"{urls.OPEN311}/{path}.{fmt}"
                api.add_route(
                    self._of_list(handler, fmt), address, methods=[method], name=f"{handler.__name__}_{fmt}"
                )
        for path, one in (
            ("services", self.definition),
            ("requests", self.request),
            ("tokens", self.token),
        ):
            api.add_route(
                self._of_one(one), f"{urls.OPEN311}/{path}/{ONE}", methods=["GET"], name=one.__name__
            )
        return api

    async def discovery(self, request: Request, fmt: str) -> HTTPResponse:
        """Where the interface lies and what it speaks."""
        address = f"{self.site.settings.public_url}{urls.OPEN311}"
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": address,
            "changeset": "2026-11-01 00:00",
            "type": "production" if self.site.settings.environment == "production" else "test",
            "formats": rows.DISCOVERY_TYPES,
        }
        found = {
            "changeset": endpoint["changeset"],
            "contact": self.site.settings.public_url,
            "key_service": f"{self.site.settings.public_url}{urls.PRIVACY}",
            "endpoints": [endpoint],
        }
        return formats.single(fmt, "discovery", found)

    async def services(self, request: Request, fmt: str) -> HTTPResponse:
        """Every issue of the catalogue."""
        reference = self.site.services.reference
        found = [rows.service_row(reference, code) for code in reference.issues]
        return formats.answer(fmt, "services", "service", found)

    async def definition(self, request: Request, code: str, fmt: str) -> HTTPResponse:
        """One issue; it has no attributes."""
        if code not in self.site.services.reference.issues:
            raise Refused(404, "service_code was not found")
        return formats.single(fmt, "service_definition", rows.definition_row(code))

    async def requests(self, request: Request, fmt: str) -> HTTPResponse:
        """Ordinary cases that were filed openly; at most 90 days and 1,000 of them, newest first."""
        found = await self._find(self._wanted(request))
        return formats.answer(fmt, "service_requests", "request", found)

    async def request(self, request: Request, number: str, fmt: str) -> HTTPResponse:
        """One of them by its public number; a sealed or sensitive one is not found, like one that never was."""
        found = await self._find(Wanted(numbers=[number.upper()]))
        if not found:
            raise Refused(404, "service_request_id was not found")
        return formats.answer(fmt, "service_requests", "request", found)

    async def token(self, request: Request, token: str, fmt: str) -> HTTPResponse:
        """A number is given at once, so a token is the number."""
        found = await self._find(Wanted(numbers=[token.upper()]))
        if not found:
            raise Refused(404, "token was not found")
        row = {"service_request_id": found[0]["service_request_id"], "token": token}
        return formats.answer(fmt, "service_requests", "request", [row])

    async def file(self, request: Request, fmt: str) -> HTTPResponse:
        """File a case. The tracking code stands in `service_notice`, once: whoever sends must hand it to the citizen."""
        if self._key(request) is None:
            raise Refused(403, "api_key is missing or wrong")
        given = {name: _given(request, name) for name in request.form or {}}
        try:
            row = await file_request(given, self.site, secrets.token_hex(16))
        except FilingRefused as refusal:
            raise Refused(400, str(refusal)) from refusal
        return formats.answer(fmt, "service_requests", "request", [row], status=201)

    async def _find(self, wanted: Wanted) -> list[dict[str, Any]]:
        services, now = self.site.services, self.site.clock()
        found = await self.site.pipeline.public_requests(wanted)
        return [rows.request_row(one, services, now) for one in found]

    def _wanted(self, request: Request) -> Wanted:
        start, end = _time(request, "start_date"), _time(request, "end_date")
        now = self.site.clock()
        if start is None:
            start = (end or now) - LONGEST_SPAN
        if (end or now) - start > LONGEST_SPAN:
            raise Refused(400, "start_date and end_date may be at most 90 days apart")
        status = request.args.get("status", "")
        if status not in {"", "open", "closed", "open,closed", "closed,open"}:
            raise Refused(400, "status must be open or closed")
        return Wanted(
            numbers=[one.upper() for one in _list(request, "service_request_id")],
            issues=_list(request, "service_code"),
            closed={"open": False, "closed": True}.get(status),
            start=start,
            end=end,
            limit=MOST_LISTED,
        )

    def _key(self, request: Request) -> ApiKey | None:
        """Of whoever files; reading needs none."""
        setting = self.site.settings.open311_keys
        if request.method != "POST" or setting is None:
            return None
        return known(keys_of(setting.get_secret_value()), _given(request, "api_key"))

    def _of_list(self, handler: OfList, fmt: str) -> Sent:
        async def sent(request: Request) -> HTTPResponse:
            return await self._guarded(request, fmt, lambda: handler(request, fmt))

        return sent

    def _of_one(self, handler: OfOne) -> Sent:
        async def sent(request: Request, name: str) -> HTTPResponse:
            key, _, fmt = name.rpartition(".")
            return await self._guarded(request, fmt, lambda: handler(request, key, fmt))

        return sent

    async def _guarded(
        self, request: Request, fmt: str, work: Callable[[], Coroutine[Any, Any, HTTPResponse]]
    ) -> HTTPResponse:
        """The answer at a bearable pace, refusals in the form of the specification."""
        key, now_s = self._key(request), self.site.clock().timestamp()
        if key is not None:
            wait_s, whose = self.pace.wait_s(f"key {key.secret}", now_s, key.a_minute), "with this api_key"
        else:
            wait_s, whose = self.pace.wait_s(request.remote_addr or request.ip, now_s), "from this address"
        if wait_s:
            slow = formats.problem(fmt, 429, f"too many requests {whose}")
            slow.headers["Retry-After"] = str(int(wait_s) + 1)
            return slow
        try:
            return await work()
        except Refused as refusal:
            return formats.problem(fmt, refusal.status, str(refusal))


def _given(request: Request, name: str) -> str:
    return str((request.form.get(name) if request.form else None) or "").strip()


def _list(request: Request, name: str) -> list[str]:
    return [one.strip() for one in request.args.get(name, "").split(",") if one.strip()][:MOST_LISTED]


def _time(request: Request, name: str) -> datetime | None:
    """A W3C time such as 2026-11-23T09:00:00+08:00; without an offset it is UTC."""
    text = request.args.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(400, f"{name} must be a W3C time such as 2026-11-23T09:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
