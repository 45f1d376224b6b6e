"""A conversation as a proposal for a golden talk: what was said, masked, in the form of `tests/conversations/talks`. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from backend.review.masking import masked


def proposal(name: str, context: Sequence[tuple[str, str]], label: str | None, at: datetime) -> str:
    """YAML text of one talk; what the assistant answered stands in comments, for a person to turn into what it should answer.

    Every word of a citizen is a JSON string, which YAML reads as nothing else.
    """
    lines = [
        "# Usulan dari percakapan nyata, sudah disamarkan. Lengkapi `bot:` sebelum dipakai.",
        f"- talk: {json.dumps(name, ensure_ascii=False)}",
        f"  now: {json.dumps(at.isoformat(timespec='minutes'))}",
        "  turns:",
    ]
    for who, words in context:
        safe = " ".join(masked(words).split())
        if who == "warga":
            lines += [f"    - user: {json.dumps(safe, ensure_ascii=False)}", "      bot: []"]
        else:
            lines.append(f"    # asisten: {json.dumps(safe, ensure_ascii=False)}")
    if label:
        lines.append(f"  # maksud kalimat terakhir menurut peninjau: {json.dumps(label)}")
    lines.append("  then: null")
    return "\n".join(lines) + "\n"
