"""The channel in two pieces, for the composition root: the webhook of the door, and the work of the workshop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

import httpx
from sanic import Blueprint

from backend.channels.whatsapp.fates import Fates
from backend.channels.whatsapp.fetching import Fetcher
from backend.channels.whatsapp.graph import CloudApi, Dialog360, Graph, Transport
from backend.channels.whatsapp.greeting import Greeter
from backend.channels.whatsapp.intake import Intake
from backend.channels.whatsapp.ledger import Ledger
from backend.channels.whatsapp.letterbox import Letterbox
from backend.channels.whatsapp.media import MediaLine
from backend.channels.whatsapp.pacing import Paces, quiet_hours
from backend.channels.whatsapp.rendering import Words
from backend.channels.whatsapp.sender import WhatsAppSender
from backend.channels.whatsapp.sorting import Sorter
from backend.channels.whatsapp.templates import register
from backend.channels.whatsapp.webhook import Webhook
from backend.conversations.answers_to_officers import AnswersToOfficers
from backend.conversations.pipeline import Pipeline
from backend.outward.addresses import Guard
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Bell
from backend.settings import Settings
from backend.usecases.services import Services

DEFAULT_BASE = {"cloud": "https://graph.facebook.com", "360dialog": "https://waba-v2.360dialog.io"}
DIALOG_HOST = "waba-v2.360dialog.io"
LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=10)


def transport_of(settings: Settings) -> Transport:
    """The provider that the settings name."""
    base = settings.whatsapp_api_url or DEFAULT_BASE[settings.whatsapp_provider]
    token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token else ""
    if settings.whatsapp_provider == "360dialog":
        return Dialog360(base, token)
    return CloudApi(base, settings.whatsapp_api_version, settings.whatsapp_phone_number_id, token)


def guard_of(settings: Settings) -> Guard:
    """Where files may lie. On a development machine also with the API itself, which is then a fake one."""
    hosts = {one.strip().lower() for one in settings.whatsapp_media_hosts.split(",") if one.strip()}
    if settings.whatsapp_provider == "360dialog":
        hosts.add(DIALOG_HOST)
    parts = urlsplit(settings.whatsapp_api_url)
    is_trial = settings.environment == "development" and parts.hostname in {"localhost", "127.0.0.1"}
    return Guard(frozenset(hosts), f"{parts.scheme}://{parts.netloc}" if is_trial else "")


def words_of(services: Services) -> Words:
    """Our own words around a reply."""
    sentence = services.reference.sentence
    return Words(sentence("whatsapp_numbered"), sentence("whatsapp_list_button"), sentence("whatsapp_more"))


@dataclass
class WhatsApp:
    """What works behind the door: `sender` goes into the pipeline; `connect` says which one; then `run` works until cancelled."""

    settings: Settings
    services: Services
    requests: OpenUnitOfWork
    workers: OpenUnitOfWork
    clock: Callable[[], datetime]
    client: httpx.AsyncClient
    graph: Graph
    ledger: Ledger
    sender: WhatsAppSender
    greeter: Greeter
    bell: Bell = field(default_factory=Bell)
    fetcher: Fetcher | None = None
    sorter: Sorter | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        services: Services,
        requests: OpenUnitOfWork,
        workers: OpenUnitOfWork,
        clock: Callable[[], datetime],
    ) -> Self:
        """The way out, as the settings say."""
        zone = services.reference.zone(settings.home_regency).tzinfo
        client = httpx.AsyncClient(follow_redirects=False, trust_env=False, limits=LIMITS)
        graph = Graph(transport_of(settings), client)
        ledger = Ledger(workers, zone, settings.whatsapp_free_a_month)
        sender = WhatsAppSender(
            graph=graph,
            ledger=ledger,
            register=register(),
            words=words_of(services),
            paces=Paces(settings.whatsapp_messages_per_s),
            quiet=quiet_hours(settings.quiet_hours, zone),
            clock=clock,
        )
        return cls(
            settings, services, requests, workers, clock, client, graph, ledger, sender, Greeter(graph)
        )

    def connect(self, pipeline: Pipeline) -> None:
        """The way in: what the door has kept is sorted into this pipeline."""
        answers = AnswersToOfficers(self.services)
        reference = self.services.reference
        self.fetcher = Fetcher(
            open_uow=self.workers,
            line=MediaLine(self.graph, guard_of(self.settings), self.client),
            senders=pipeline.senders,
            answers=answers,
            reference=reference,
            wakeups=pipeline.wakeups,
            bell=self.bell,
            clock=self.clock,
        )
        intake = Intake(
            pipeline=pipeline,
            open_uow=self.requests,
            reference=reference,
            answers=answers,
            fates=Fates(self.requests, self.ledger, pipeline.wakeups, self.clock),
            zone=reference.zone(self.settings.home_regency).tzinfo,
            clock=self.clock,
            greet=self.greeter.greet,
            files=self.bell,
        )
        self.sorter = Sorter(
            open_uow=self.workers,
            intake=intake,
            number=self.settings.whatsapp_phone_number_id,
            bell=pipeline.wakeups.arrivals,
            clock=self.clock,
            reach=pipeline.reach,
        )

    async def run(self) -> None:
        """Sort, fetch files and greet until cancelled."""
        assert self.sorter is not None
        assert self.fetcher is not None
        async with asyncio.TaskGroup() as group:
            group.create_task(self.sorter.run())
            group.create_task(self.fetcher.run())
            group.create_task(self.greeter.run())

    async def close(self) -> None:
        """Connections closed."""
        await self.client.aclose()


def door_of(
    settings: Settings, open_uow: OpenUnitOfWork, pipeline: Pipeline, clock: Callable[[], datetime]
) -> Blueprint:
    """The webhook: what it is told is kept with `open_uow`, and sorted by whoever runs `WhatsApp`."""
    signers = settings.whatsapp_app_secrets.get_secret_value() if settings.whatsapp_app_secrets else ""
    token, key = settings.whatsapp_verify_token, settings.whatsapp_webhook_key
    webhook = Webhook(
        letterbox=Letterbox(open_uow, pipeline.wakeups, clock, pipeline.reach),
        verify_token=token.get_secret_value() if token else "",
        secrets=tuple(one.strip() for one in signers.split(",") if one.strip()),
        key=key.get_secret_value() if key and settings.whatsapp_provider == "360dialog" else "",
    )
    return webhook.blueprint()
