"""Which model serves: a candidate that passed takes over, and one click takes it back; every change is remembered."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backend.persistence.round_rows import Round, Served
from backend.persistence.trial_rows import Trial
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.rounds import archives
from backend.rounds.files import ISSUES, NLU, write_files
from backend.usecases.ports import AuditEntry

log = logging.getLogger(__name__)

MAY_SERVE = ("passed", "promoted")
LOOKED_BACK = 200


class PromotionRefused(Exception):
    """The model may not serve: `code` is not_passed, stale, gone or busy."""

    def __init__(self, code: str) -> None:
        super().__init__(f"promotion refused: {code}")
        self.code = code


@dataclass(frozen=True)
class Promotion:
    """`change` makes the engines serve an archive and returns the seconds it took; `serving` names the one that does."""

    open_uow: OpenUnitOfWork
    change: Callable[[Path], Awaitable[float]]
    serving: Callable[[], Path | None]
    models: Path
    folder: Path
    tree: Path
    clock: Callable[[], datetime]

    async def promote(self, round_id: str, by: str) -> Served:
        """Let the candidate of a round that passed serve, for the first time or again after a way back.

        Raises:
            PromotionRefused: it did not pass, its archive is gone, or another model serves than the one it was compared with.
            ModelNotServed: its engines did not come up.
        """
        found, live = await self._admitted(round_id)
        self._remember(live, self.files_of_tree())
        archive = await self._taken_in(found)
        self._remember(archive, found.files)

        async def done(uow: SqlUnitOfWork) -> None:
            await uow.rounds.write(round_id, status="promoted")

        return await self._serve(archive, round_id, "promoted", by, done)

    async def try_out(self, round_id: str, by: str) -> Trial:
        """Begin a trial: the candidate of a round that passed hears what is said, and answers nobody.

        Raises:
            PromotionRefused: as for `promote`, or `busy`: another trial goes on.
        """
        found, live = await self._admitted(round_id)
        archive = await self._taken_in(found)
        now = self.clock()
        async with self.open_uow() as uow:
            trial = await uow.trials.begin(round_id, archive.name, live.name, by, now)
            if trial is None:
                raise PromotionRefused("busy")
            await uow.audit.add(AuditEntry(now, by, "model_trial_begun", details={"model": archive.name}))
            await uow.commit()
        return trial

    async def _admitted(self, round_id: str) -> tuple[Round, Path]:
        """The round, and the archive that serves."""
        async with self.open_uow() as uow:
            found = await uow.rounds.by_id(round_id)
        if found is None or found.status not in MAY_SERVE or not found.model:
            raise PromotionRefused("not_passed")
        live = self.serving()
        if live is None or live.name != found.live_model:
            raise PromotionRefused("stale")
        return found, live

    async def roll_back(self, by: str) -> Served:
        """Let the model serve that served before this one.

        Raises:
            PromotionRefused: there is none, or its archive is gone.
            ModelNotServed: its engines did not come up.
        """
        before = await self.before()
        if before is None:
            raise PromotionRefused("gone")
        return await self._serve(before, None, "rolled_back", by, None)

    async def before(self) -> Path | None:
        """The archive that a roll-back would serve: that which the serving round was compared with."""
        live = self.serving()
        async with self.open_uow() as uow:
            rounds = await uow.rounds.newest(LOOKED_BACK)
        back = archives.way_back(rounds, live.name) if live else ()
        archive = self.models / back[0] if back else None
        return archive if archive is not None and archive.is_file() else None

    def kept(self) -> frozenset[str]:
        """The archives that lie in the folder of models of this host."""
        return frozenset(path.name for path in self.models.glob("*.tar.gz"))

    async def _serve(
        self,
        archive: Path,
        round_id: str | None,
        what: str,
        by: str,
        more: Callable[[SqlUnitOfWork], Awaitable[None]] | None,
    ) -> Served:
        took = await self.change(archive)
        # The newest archive of the folder is what the next start serves.
        os.utime(archive)
        write_files(self._remembered(archive), self.tree)
        now = self.clock()
        served = Served(secrets.token_hex(16), archive.name, round_id, what, by, now, round(took, 2))
        async with self.open_uow() as uow:
            if more is not None:
                await more(uow)
            trial = await uow.trials.open()
            if trial is not None:
                ending = "promoted" if trial.round_id == round_id else "stale"
                await uow.trials.end(trial.id, ending, by, now)
            # Before others hear of it: what they will look for is there.
            await uow.archives.publish(archives.read(archive, self._remembered(archive)), now)
            await uow.rounds.served(served)
            await uow.audit.add(AuditEntry(now, by, f"model_{what}", details={"model": archive.name}))
            await uow.commit()
        await self._tidy(archive, by)
        return served

    async def _tidy(self, live: Path, by: str) -> None:
        """What can no more be gone back to leaves the folder; the change itself is done, whatever becomes of this."""
        async with self.open_uow() as uow:
            needed = await needed_archives(uow, live.name)
            try:
                gone = await asyncio.to_thread(archives.tidy, self.models, needed)
            except OSError as failure:
                log.warning("models not tidied error=%s", failure)
                return
            if gone:
                details = {"models": ", ".join(gone)}
                await uow.audit.add(AuditEntry(self.clock(), by, "models_removed", details=details))
            await uow.commit()

    async def _taken_in(self, found: Round) -> Path:
        """Archive and signature of a round in the folder of models, from this host's own training or from another's.

        Raises:
            PromotionRefused: there is no archive any more.
        """
        candidate = self.folder / found.id / str(found.model)
        target = self.models / candidate.name
        if target.is_file():
            return target
        if candidate.is_file():
            stored = await asyncio.to_thread(archives.read, candidate, found.files)
        else:
            async with self.open_uow() as uow:
                fetched = await uow.archives.fetch(candidate.name)
            if fetched is None:
                raise PromotionRefused("gone")
            stored = fetched
        return await asyncio.to_thread(archives.write, stored, self.models)

    def files_of_tree(self) -> dict[str, str]:
        """The two reviewed files as they are."""
        return {
            name: (self.tree / name).read_text(encoding="utf-8") if (self.tree / name).is_file() else ""
            for name in (NLU, ISSUES)
        }

    def _remember(self, archive: Path, files: Mapping[str, str]) -> None:
        """The reviewed files of a model lie beside its archive, so that the way back restores the data too."""
        self.models.mkdir(parents=True, exist_ok=True)
        text = json.dumps(dict(files), ensure_ascii=False)
        archives.remembered_at(self.models / archive.name).write_text(text, encoding="utf-8")

    def _remembered(self, archive: Path) -> dict[str, str]:
        beside = archives.remembered_at(self.models / archive.name)
        if not beside.is_file():
            return self.files_of_tree()
        told: dict[str, str] = json.loads(beside.read_text(encoding="utf-8"))
        return told


async def needed_archives(uow: SqlUnitOfWork, live: str) -> frozenset[str]:
    """What a host must keep: the served model, those that one can go back to, and both of an open trial."""
    trial = await uow.trials.open()
    on_trial = (trial.model, trial.live_model) if trial else ()
    return frozenset({live, *archives.way_back(await uow.rounds.newest(LOOKED_BACK), live), *on_trial})
