"""What a finished turn leaves for reviewers: unsure sentences with what was said around them, or, of secret talks, nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.persistence.inbox_rows import StoredMessage
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.pick_for_review import with_provenance, work_label
from backend.usecases.ports import ReviewItem

EVENTS_AROUND = 8
# The slot that the assistant asks for when it reads the draft back.
READ_BACK = "confirm_submission"


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


def misread(before: Any, after: Any, now: datetime) -> ReviewItem | None:
    """The words of a draft whose matter was put right when it was read back: what they were taken for, and what they meant."""
    old, new = ((state or {}).get("slots") or {} for state in (before, after))
    was, is_now, words = old.get("issue"), new.get("issue"), old.get("description")
    is_same_draft = old.get("draft_id") and old["draft_id"] == new.get("draft_id")
    if not is_same_draft or old.get("requested_slot") != READ_BACK or not (words and was and is_now):
        return None
    if was == is_now:
        return None
    return work_label(str(words), f"keluhan/{is_now}", f"keluhan/{was}", "corrected", now, source="turn")


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
