"""Cases and issues as GeoReport v2 sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.cases.workflow import State
from backend.persistence.public_requests import PublicRequest
from backend.reference.loader import Reference
from backend.usecases.services import Services

DISCOVERY_TYPES = ["text/xml", "application/json"]


def service_row(reference: Reference, code: str) -> dict[str, Any]:
    """One issue as a service; nothing beyond place and words is asked for, so `metadata` is false."""
    issue = reference.issues[code]
    return {
        "service_code": issue.code,
        "service_name": issue.label,
        "description": issue.label,
        "metadata": False,
        "type": "realtime",
        "keywords": issue.group,
        "group": issue.group,
    }


def definition_row(code: str) -> dict[str, Any]:
    """A service without attributes."""
    return {"service_code": code, "attributes": []}


def request_row(request: PublicRequest, services: Services, now: datetime) -> dict[str, Any]:
    """What anybody may know: neither words nor pictures, and no place finer than the district."""
    reference, home = services.reference, services.home
    area = request.district_code or request.regency_code
    zone = reference.zone(home).tzinfo
    words = reference.states[State(request.state)]
    issue = reference.issue(request.issue)
    return {
        "service_request_id": request.number,
        "status": "closed" if request.is_closed else "open",
        "status_notes": words.label,
        "service_name": issue.label,
        "service_code": issue.code,
        "description": None,
        "agency_responsible": reference.agency_name(request.agency, reference.today(now, home)),
        "service_notice": words.what_next,
        "requested_datetime": _time(request.filed_at, zone),
        "updated_datetime": _time(request.updated_at, zone),
        "expected_datetime": datetime.combine(request.due_on, datetime.min.time(), zone).isoformat(),
        "address": services.places.label(area) if area else None,
        "address_id": area,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _time(at: datetime, zone: Any) -> str:
    return at.astimezone(zone).replace(microsecond=0).isoformat()
