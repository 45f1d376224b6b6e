"""`python -m backend whatsapp check | submit | undelivered | month`: the line as its keeper sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TextIO

import httpx

from backend.channels.whatsapp.channel import transport_of
from backend.channels.whatsapp.checking import check, template_states
from backend.channels.whatsapp.graph import CloudApi, Graph
from backend.channels.whatsapp.ledger import CHANNEL
from backend.channels.whatsapp.templates import register
from backend.doctor import Verdict
from backend.persistence.database import Database
from backend.persistence.unit_of_work import OpenUnitOfWork, opener
from backend.reference import loader
from backend.settings import Settings


def whatsapp(settings: Settings, what: str, out: TextIO) -> int:
    """Do one of these; 0 when all is well. Raises DatabaseRefused, DatabaseUnavailable, KeysRefused."""
    does = {"check": _check, "submit": _submit, "undelivered": _undelivered, "month": _month}
    return asyncio.run(does[what](settings, out))


@asynccontextmanager
async def _graph(settings: Settings) -> AsyncIterator[Graph]:
    async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
        named = settings.whatsapp_provider or "cloud"
        yield Graph(transport_of(settings.model_copy(update={"whatsapp_provider": named})), client)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[OpenUnitOfWork]:
    database = await Database.open(settings)
    try:
        yield opener(database.requests, database.keys.vault)
    finally:
        await database.close()


async def _check(settings: Settings, out: TextIO) -> int:
    """Findings, one a line with what to do; the states of templates are kept for the sender."""
    async with _graph(settings) as graph:
        checked = await check(settings, graph, register())
    if checked.states:
        async with _database(settings) as open_uow, open_uow() as uow:
            for (name, language), state in checked.states.items():
                await uow.line.template_state(name, language, state, datetime.now(UTC))
            await uow.commit()
    for one in checked.findings:
        out.write(f"{one.verdict:<8} {one.what}: {one.how}\n")
        if one.todo:
            out.write(f"{'':<8} → {one.todo}\n")
    return 1 if any(one.verdict is Verdict.BAD for one in checked.findings) else 0


async def _submit(settings: Settings, out: TextIO) -> int:
    """Hand in the templates that Meta does not know; its decision comes by webhook."""
    n_refused = 0
    async with _graph(settings) as graph:
        transport = graph.transport
        if not isinstance(transport, CloudApi) or not settings.whatsapp_account_id:
            out.write(
                "Templates are submitted in the provider's own pages; their texts are in docs/whatsapp.md.\n"
            )
            return 1
        url = transport.url(f"{settings.whatsapp_account_id}/message_templates")
        known = await template_states(graph, f"{url}?limit=200")
        for row in register().rows:
            if (row.name, row.language) in known:
                out.write(f"{row.name}: {known[row.name, row.language]}\n")
                continue
            answer = await graph.ask("POST", url, register().submission(row))
            n_refused += not answer.is_good
            out.write(f"{row.name}: {'submitted' if answer.is_good else f'refused, code {answer.error}'}\n")
    return 1 if n_refused else 0


async def _undelivered(settings: Settings, out: TextIO) -> int:
    """What reached nobody, then what waits: no words and no names, only when and why."""
    async with _database(settings) as open_uow, open_uow() as uow:
        found = [one for one in await uow.deliveries.undelivered() if one.channel in (CHANNEL, "")]
    for one in found:
        stands = "given up" if one.given_up else "waits"
        out.write(f"{one.since:%Y-%m-%d %H:%M}  {stands:<8}  {one.kind:<7}  {one.code}  {one.id}\n")
    out.write(f"{len(found)} undelivered\n")
    return 1 if any(one.given_up for one in found) else 0


async def _month(settings: Settings, out: TextIO) -> int:
    """What was sent this month, against what is free, and the alarms that are raised."""
    month = f"{datetime.now(UTC).astimezone(loader.load().zone(settings.home_regency).tzinfo):%Y-%m}"
    async with _database(settings) as open_uow, open_uow() as uow:
        counts = await uow.line.counts(CHANNEL, month)
        alarms = await uow.line.alarms()
    out.write(f"{month}: {counts.get('reply', 0)} of {settings.whatsapp_free_a_month} free messages, ")
    out.write(f"{counts.get('template', 0)} templates\n")
    for alarm in alarms:
        out.write(f"alarm {alarm.code}: {alarm.n} times since {alarm.raised_at:%Y-%m-%d %H:%M}\n")
    return 1 if alarms else 0
