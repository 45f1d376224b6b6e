"""What a finished turn leaves for reviewers: unsure sentences with what was said around them, or, of secret talks, nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.persistence.inbox_rows import StoredMessage
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.pick_for_review import with_provenance
from backend.usecases.ports import ReviewItem

EVENTS_AROUND = 8


def heard_texts(
    understanding: Sequence[Mapping[str, Any]], messages: Sequence[StoredMessage]
) -> dict[str, str]:
    """What was read as one message, by the id of its first: texts of a bundle are joined by a newline."""
    heads = {str(one.get("message")) for one in understanding}
    texts: dict[str, list[str]] = {}
    head = ""
    for message in messages:
        head = message.id if message.id in heads else head
        if message.body is not None and "text" in message.body["message"]:
            texts.setdefault(head or message.id, []).append(str(message.body["message"]["text"]))
    return {first: "\n".join(parts) for first, parts in texts.items()}


async def keep_for_review(items: Sequence[ReviewItem], conversation: str, uow: SqlUnitOfWork) -> None:
    """Let the items wait, each with its masked context and pseudonyms."""
    if not items:
        return
    sender, talk = await uow.review.tokens(conversation)
    context = await talk_so_far(conversation, uow)
    for item in items:
        await uow.review.add(with_provenance(item, context, sender, talk))


async def talk_so_far(conversation: str, uow: SqlUnitOfWork) -> list[tuple[str, str]]:
    """The last events as (who, words), oldest first; who is `warga` or `asisten`. Not masked."""
    begin = max(0, await uow.review.last_seq(conversation) - EVENTS_AROUND)
    history = await uow.outbox.history(conversation, begin)
    told = []
    for event in history:
        body = event.body.get("message", event.body) if isinstance(event.body, dict) else {}
        words = str(body.get("text") or "")
        if words:
            told.append(("warga" if event.kind == "mine" else "asisten", words))
    return told


async def forget_for_review(conversation: str, uow: SqlUnitOfWork) -> None:
    """The talk became secret: what it left before is emptied too."""
    _, talk = await uow.review.tokens(conversation)
    await uow.review.unlearn(talk=talk)
