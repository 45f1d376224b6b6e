"""What may go wrong when a message is handed to Meta; a test puts as many as it likes before the sends they shall hit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """`REFUSED`: an error answers. `HTTP`: a bare status without JSON. `LOST`: the connection breaks and nothing was taken.
    `SILENT`: it was taken and the connection breaks. `FAILS`: it is taken, and a status tells of the failure."""

    REFUSED = "refused"
    HTTP = "http"
    LOST = "lost"
    SILENT = "silent"
    FAILS = "fails"


@dataclass(frozen=True)
class Fault:
    """One of them; `number` is Meta's code, or the status of HTTP for `HTTP`."""

    kind: Kind
    number: int = 0


HTTP_STATUS_OF = {190: 401, 10: 403, 4: 429, 80007: 429, 130429: 429, 131056: 429, 131000: 500, 131016: 503}


def error_body(code: int, title: str = "") -> dict[str, object]:
    """An error as the Graph API words it."""
    kind = "OAuthException" if code in {10, 100, 190} else "GraphMethodException"
    message = f"(#{code}) {title or 'injected'}"
    details = {"messaging_product": "whatsapp", "details": title or "injected"}
    return {
        "error": {
            "message": message,
            "type": kind,
            "code": code,
            "error_data": details,
            "fbtrace_id": "uji",
        }
    }
