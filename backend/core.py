"""What every process of the backend begins with: settings, database, rows of reference, the clock, and the pipeline made of them."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from backend.conversations.effects import by_use_cases
from backend.conversations.engine_client import Engines
from backend.conversations.outbox import ChannelSender
from backend.conversations.pipeline import Pipeline, Rules
from backend.conversations.plain_path import PlainPath
from backend.conversations.reference_watch import ReferenceWatch
from backend.conversations.trials import Trials
from backend.conversations.watch import Watch
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import OpenUnitOfWork, opener
from backend.places import service as places
from backend.places.atlas import Atlas
from backend.reference import loader
from backend.settings import Settings
from backend.usecases.condition import LEAST_FREE
from backend.usecases.pick_for_review import pick_for_review
from backend.usecases.services import Services

LONGEST_SOCKET_FOLDER = 80


def utc_now() -> datetime:
    return datetime.now(UTC)


class SystemRandom:
    """Chance of the operating system: the `Randomness` port in production."""

    def randbelow(self, limit: int) -> int:
        """0 … limit − 1, uniform."""
        return secrets.randbelow(limit)

    def token_hex(self, n_bytes: int) -> str:
        """2 × n_bytes hex digits."""
        return secrets.token_hex(n_bytes)


@dataclass(frozen=True)
class Core:
    """The common ground of door and workshop."""

    settings: Settings
    database: Database
    services: Services
    atlas: Atlas
    clock: Callable[[], datetime]
    reference_watch: ReferenceWatch

    @classmethod
    async def open(cls, settings: Settings, clock: Callable[[], datetime] = utc_now) -> Self:
        """The database ready, everything read; nothing listens yet.

        Raises:
            DatabaseRefused, DatabaseUnavailable, KeysRefused: it cannot start; the text says what to do.
        """
        database = await Database.open(settings)
        vault = database.keys.vault
        reference = loader.load()
        served = {settings.home_regency, *reference.regencies}
        finder = await asyncio.to_thread(places.load, served, settings.data)
        refs = SealedCaseRefs(vault)
        services = Services(reference, vault, refs, SystemRandom(), finder, settings.home_regency, vault)
        watch = ReferenceWatch(opener(database.workers, vault), services, clock)
        await watch.look()
        return cls(settings, database, services, finder.atlas(), clock, watch)

    @property
    def requests(self) -> OpenUnitOfWork:
        """Transactions of whoever waits for an answer."""
        return opener(self.database.requests, self.database.keys.vault)

    @property
    def workers(self) -> OpenUnitOfWork:
        """Transactions of work that nobody waits for."""
        return opener(self.database.workers, self.database.keys.vault)

    def has_room(self) -> bool:
        """Whether files may still be kept in the data folder."""
        return shutil.disk_usage(self.settings.data).free >= LEAST_FREE

    async def keep_database(self) -> None:
        """Our own server is started again whenever it has died, until cancelled; another's is its owner's."""
        if self.database.server is not None:
            await self.database.server.keep_running()

    @property
    def workshop_secret(self) -> str:
        """What the door shows to the workshop; engines do not know it."""
        return hmac.digest(self.database.keys.cookie_key, b"workshop", "sha256").hex()

    def pipeline(
        self,
        engines: Engines,
        senders: Mapping[str, ChannelSender],
        watch: Watch,
        trials: Trials | None = None,
        engines_are_away: Callable[[], bool] | None = None,
    ) -> Pipeline:
        """Everything between a channel and the engines; `engines_are_away` for a process that has no line to them."""
        settings, reference = self.settings, self.services.reference
        rules = Rules(
            zone=reference.zone(settings.home_regency).tzinfo,
            home=settings.home_regency,
            workers=settings.workers,
            remind_after=timedelta(minutes=settings.reminder_after_min),
            draft_kept=timedelta(hours=settings.draft_kept_h),
        )
        return Pipeline(
            self.database,
            engines,
            rules,
            by_use_cases(self.services),
            reference.sentence,
            pick_for_review,
            senders=senders,
            clock=self.clock,
            watch=watch,
            trials=trials,
            has_room=self.has_room,
            plain=PlainPath(self.services, engines_are_away or (lambda: engines.model is None)),
        )


def app_name(part: str) -> str:
    """Sanic keeps a register of apps by name; tests open many products in one process."""
    return f"teman_lapor_{part}_{secrets.token_hex(4)}"


def socket_folder(data: Path) -> Path:
    """A folder 0700 for our sockets; elsewhere when the data folder's path is too long for a socket's name."""
    folder = data / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.mkdtemp(prefix="teman-lapor-"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder
