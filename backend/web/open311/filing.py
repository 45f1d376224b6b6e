"""A service request becomes a case, through the same effect that a chat ends in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from backend.cases.tracking_code import grouped
from backend.usecases.effects import Turn, carry_out
from backend.usecases.questions import answer
from backend.web.ports import Site

CHANNEL, STORED_AS = "open311", "web"
LONGEST = 4_000
LONGEST_ADDRESS = 300


class FilingRefused(Exception):
    """What was sent cannot be filed; the text says which argument and why."""


async def file_request(given: Mapping[str, str], site: Site, draft_id: str) -> dict[str, Any]:
    """File it and answer `service_request_id` and `service_notice` (the tracking code and what happens next).

    Names, e-mail and phone numbers are not kept: whoever sent the request stays in touch with the citizen, who has the code.

    Raises:
        FilingRefused: an argument is missing or wrong.
    """
    reference = site.services.reference
    checked(given, set(reference.issues))
    conversation = await site.senders.open(STORED_AS, secrets.token_urlsafe(32))
    now = site.clock()
    async with site.open_uow() as uow:
        asked = _where(given)
        found = await answer("place", asked, conversation, now, uow, site.services)
        draft: dict[str, Any] = {
            "draft_id": draft_id,
            "report_class": "complaint",
            "issue": given["service_code"],
            "issue_ranking": [],
            "description": given["description"],
            "place": found["place"] or {"text": given.get("address_string", ""), "source": "text"},
            "happened": {"text": "", "on": None, "precision": "unknown"},
            "attributes": {},
            "attachments": [],
            "identity_level": "open",
            "language": "id",
        }
        receipt = await carry_out(
            "file_complaint", draft, Turn(conversation, CHANNEL, now, uow, site.services)
        )
        await uow.commit()
    notice = reference.sentence("open311_notice", code=grouped(receipt.code or ""))
    return {
        "service_request_id": receipt.data["case_number"],
        "service_notice": notice,
        "account_id": None,
    }


def checked(given: Mapping[str, str], issues: set[str]) -> None:
    """Raises FilingRefused for the first argument that is missing or wrong."""
    if given.get("service_code") not in issues:
        raise FilingRefused("service_code is missing or unknown")
    if not given.get("description"):
        raise FilingRefused("description is missing")
    if len(given["description"]) > LONGEST:
        raise FilingRefused(f"description is longer than {LONGEST} characters")
    if len(given.get("address_string", "")) > LONGEST_ADDRESS:
        raise FilingRefused(f"address_string is longer than {LONGEST_ADDRESS} characters")
    if not (given.get("address_string") or given.get("lat")):
        raise FilingRefused("lat and long, or address_string, is missing")


def _where(given: Mapping[str, str]) -> dict[str, Any]:
    if not given.get("lat"):
        return {"text": given["address_string"]}
    try:
        latitude, longitude = float(given["lat"]), float(given.get("long", ""))
    except ValueError:
        raise FilingRefused("lat and long must be decimal degrees (WGS 84)") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise FilingRefused("lat and long must be decimal degrees (WGS 84)")
    return {"latitude": latitude, "longitude": longitude}
