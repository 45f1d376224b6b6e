"""What the Cloud API takes as a message: shapes, lengths and counts of its documents. The first broken rule is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

MISSING, MALFORMED, UNSUPPORTED, TEMPLATE_PARAMETERS, NO_TEMPLATE = 131008, 131009, 131051, 132000, 132001


class Broken(Exception):
    """A rule is broken; `code` is Meta's."""

    def __init__(self, code: int, rule: str) -> None:
        super().__init__(rule)
        self.code = code


def check(message: Mapping[str, Any]) -> None:
    """Raises Broken."""
    if message.get("messaging_product") != "whatsapp":
        raise Broken(100, "messaging_product")
    if not message.get("to") and not message.get("recipient"):
        raise Broken(MISSING, "to")
    if len(str(message.get("biz_opaque_callback_data") or "")) > 512:
        raise Broken(MALFORMED, "biz_opaque_callback_data")
    kind = message.get("type")
    rule = KINDS.get(str(kind))
    if rule is None:
        raise Broken(UNSUPPORTED, f"type {kind}")
    for code, is_kept, name in rule(_at(message, str(kind))):
        if not is_kept:
            raise Broken(code, name)


Rule = Iterator[tuple[int, bool, str]]


def _text(part: Mapping[str, Any]) -> Rule:
    body = part.get("body")
    yield MISSING, isinstance(body, str) and bool(body.strip()), "text.body"
    yield MALFORMED, len(str(body)) <= 4096, "text.body ≤ 4096"


def _interactive(part: Mapping[str, Any]) -> Rule:
    body = _at(part, "body").get("text")
    yield MISSING, isinstance(body, str) and bool(body.strip()), "interactive.body.text"
    yield MALFORMED, len(str(body)) <= 1024, "interactive.body.text ≤ 1024"
    action = _at(part, "action")
    match part.get("type"):
        case "button":
            yield from _buttons(action)
        case "list":
            yield from _list(action)
        case "location_request_message":
            yield MALFORMED, action.get("name") == "send_location", "action.name"
        case other:
            yield MALFORMED, False, f"interactive.type {other}"


def _buttons(action: Mapping[str, Any]) -> Rule:
    buttons = [_at(one, "reply") for one in action.get("buttons") or ()]
    yield MALFORMED, 1 <= len(buttons) <= 3, "1 to 3 buttons"
    titles = [str(one.get("title") or "") for one in buttons]
    yield MALFORMED, all(1 <= len(one) <= 20 for one in titles), "button title ≤ 20"
    yield MALFORMED, len(set(titles)) == len(titles), "button titles differ"
    yield from _ids(buttons)


def _list(action: Mapping[str, Any]) -> Rule:
    yield MALFORMED, 1 <= len(str(action.get("button") or "")) <= 20, "list button ≤ 20"
    sections = action.get("sections") or ()
    yield MALFORMED, 1 <= len(sections) <= 10, "1 to 10 sections"
    if len(sections) > 1:
        yield MALFORMED, all(1 <= len(str(one.get("title") or "")) <= 24 for one in sections), "section title"
    rows = [row for section in sections for row in section.get("rows") or ()]
    yield MALFORMED, 1 <= len(rows) <= 10, "1 to 10 rows in all"
    yield MALFORMED, all(1 <= len(str(row.get("title") or "")) <= 24 for row in rows), "row title ≤ 24"
    described = [row["description"] for row in rows if "description" in row]
    yield MALFORMED, all(1 <= len(str(one)) <= 72 for one in described), "row description ≤ 72"
    yield from _ids(rows)


def _ids(parts: list[Mapping[str, Any]]) -> Rule:
    ids = [str(one.get("id") or "") for one in parts]
    yield MALFORMED, all(1 <= len(one) <= 200 for one in ids), "id ≤ 200"
    yield MALFORMED, len(set(ids)) == len(ids), "ids differ"


def _template(part: Mapping[str, Any]) -> Rule:
    yield (
        MISSING,
        bool(part.get("name")) and bool(_at(part, "language").get("code")),
        "template name, language",
    )
    for component in part.get("components") or ():
        for parameter in component.get("parameters") or ():
            words = str(parameter.get("text") or "")
            one_line = bool(words) and not any(mark in words for mark in ("\n", "\t", "     "))
            yield TEMPLATE_PARAMETERS, one_line and len(words) <= 1024, "template parameter"


def _at(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {
    "text": _text,
    "interactive": _interactive,
    "template": _template,
}
