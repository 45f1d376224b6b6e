"""A webhook's JSON becomes values. Pure; whatever it is given, it raises nothing and drops no message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from backend.channels.whatsapp.heard import (
    Edited,
    Heard,
    Message,
    Person,
    Renamed,
    Revoked,
    Status,
    TemplateChanged,
    Trouble,
)
from backend.channels.whatsapp.kinds import said
from backend.channels.whatsapp.reading import at, items, text, whole

USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}")
STATUSES = frozenset({"sent", "delivered", "read", "failed"})
LONGEST_NAME = 200


def translate(webhook: Any, number: str) -> tuple[Heard, ...]:
    """Everything the webhook tells about our number (its `phone_number_id`), in the order it is written."""
    return tuple(_walk(webhook, number))


def _walk(webhook: Any, number: str) -> Iterator[Heard]:
    for entry in items(webhook, "entry"):
        for change in items(entry, "changes"):
            value = at(change, "value")
            if change.get("field") == "message_template_status_update":
                yield from _template(value)
            elif (
                change.get("field") == "messages" and text(at(value, "metadata"), "phone_number_id") == number
            ):
                yield from _told(value)


def _told(value: Mapping[str, Any]) -> Iterator[Heard]:
    contacts = items(value, "contacts")
    for status in items(value, "statuses"):
        yield from _status(status)
    for message in items(value, "messages"):
        yield from _message(message, contacts)
    for error in items(value, "errors"):
        yield Trouble(whole(error, "code") or 0)


def _message(message: Mapping[str, Any], contacts: list[Mapping[str, Any]]) -> Iterator[Heard]:
    person, message_id = _person(message, contacts), text(message, "id")
    kind = text(message, "type")
    if kind == "system":
        yield from _renamed(message)
        return
    if person is None or not message_id or message.get("group_id"):
        return
    original = text(at(message, kind), "original_message_id")
    if kind == "revoke" and original:
        yield Revoked(person, original)
    elif kind == "edit" and original:
        now_reads = said(at(at(message, "edit"), "message"))
        words = text(now_reads.content, "text") or (now_reads.media.caption if now_reads.media else "")
        yield Edited(message_id, person, original, words, moment(message))
    else:
        told = said(message)
        quoted = text(at(message, "context"), "id") or None
        yield Message(
            id=message_id,
            person=person,
            kind=kind or "unknown",
            sent_at=moment(message),
            content=told.content,
            media=told.media,
            remark=told.remark,
            quoted=quoted,
        )


def moment(message: Mapping[str, Any]) -> datetime | None:
    """When it was written, to the second; None when that is not told in a way we read."""
    seconds = whole(message, "timestamp")
    if seconds is None or not 0 < seconds < 4_000_000_000:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _person(message: Mapping[str, Any], contacts: list[Mapping[str, Any]]) -> Person | None:
    """The sender: by the message itself, completed by the contact that belongs to it."""
    user, number = text(message, "from_user_id"), text(message, "from")
    if USER_ID.fullmatch(number):
        user, number = user or number, ""
    for contact in contacts:
        same = (
            text(contact, "wa_id") == number
            if number
            else text(contact, "user_id") == user or len(contacts) == 1
        )
        if same:
            user = user or text(contact, "user_id")
            number = number or text(contact, "wa_id")
            break
    return person_of(user, number)


def person_of(user: str, number: str) -> Person | None:
    """The person with this user id, this number, or both; None without any.

    >>> person_of("ID.123", "").address
    'ID.123'
    """
    user = user if USER_ID.fullmatch(user) else ""
    number = number if number.isascii() and number.isdigit() and len(number) <= LONGEST_NAME else ""
    names = [name for name in (user, number) if name]
    if not names:
        return None
    return Person(names[0], tuple(names[1:]), number or user)


def _renamed(message: Mapping[str, Any]) -> Iterator[Renamed]:
    system = at(message, "system")
    if text(system, "type") not in {"user_changed_number", "customer_changed_number", "user_changed_user_id"}:
        return
    old = text(system, "customer") or text(message, "from") or text(message, "from_user_id")
    new = person_of(text(system, "user_id"), text(system, "wa_id") or text(system, "new_wa_id"))
    if old and new is not None and old != new.name:
        yield Renamed(old, new.name, new.address)


def _status(status: Mapping[str, Any]) -> Iterator[Status]:
    provider_id, told = text(status, "id"), text(status, "status")
    if not provider_id or told not in STATUSES:
        return
    errors = items(status, "errors")
    billable = at(status, "pricing").get("billable")
    yield Status(
        provider_id=provider_id,
        status=told,
        outbox=text(status, "biz_opaque_callback_data") or None,
        error=(whole(errors[0], "code") or 0) if errors else None,
        billable=billable if isinstance(billable, bool) else None,
    )


def _template(value: Mapping[str, Any]) -> Iterator[TemplateChanged]:
    name, state = text(value, "message_template_name"), text(value, "event")
    if name and state:
        yield TemplateChanged(name, text(value, "message_template_language"), state.lower())
