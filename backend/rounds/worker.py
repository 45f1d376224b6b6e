"""Works on rounds one after the other: choose, write, train, examine, judge. A round whose worker died is done again."""

from __future__ import annotations

import asyncio
import csv
import json
import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from backend.model import environment, newest
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.round_rows import Round
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.review.selection import chosen
from backend.rounds import archives, trainer
from backend.rounds.files import ExportRefused, base_counts, reviewed_files, write_files
from backend.rounds.trainer import Bounds, TrainerEnded

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
SILENT = timedelta(seconds=30)
EXAM_BOUNDS = Bounds(seconds=15 * 60, n_bytes=3 * 2**30)
KEPT_FOLDERS = 3


class Steps(Protocol):
    """The two commands of the bot's environment, as lists of words."""

    def train(self, reviewed: Path, out: Path) -> list[str]: ...

    def examine(
        self, live: Path, candidate: Path, held_out: Path, reviewed: Path, out: Path
    ) -> list[str]: ...


@dataclass(frozen=True)
class BotSteps:
    """The commands of `python -m bot`."""

    python: Path

    def train(self, reviewed: Path, out: Path) -> list[str]:
        return [str(self.python), "-m", "bot", "round", "--reviewed", str(reviewed), "--out", str(out)]

    def examine(self, live: Path, candidate: Path, held_out: Path, reviewed: Path, out: Path) -> list[str]:
        files = {
            "live": live,
            "candidate": candidate,
            "held-out": held_out,
            "reviewed": reviewed,
            "out": out,
        }
        words = [word for name, path in files.items() for word in (f"--{name}", str(path))]
        return [str(self.python), "-m", "bot", "compare", *words]


@dataclass(frozen=True)
class RoundWorker:
    """`folder` holds one folder per round; `models` is what the engines serve from; `tree` is the code's own."""

    open_uow: OpenUnitOfWork
    steps: Steps
    folder: Path
    models: Path
    tree: Path
    model_key: str
    labels: frozenset[str]
    clock: Callable[[], datetime]
    bounds: Bounds = Bounds()
    # Where the actions of the golden talks ask their questions, as environment of the exam.
    questions: Mapping[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                if await self.work_once():
                    continue
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)
            await asyncio.sleep(LOOK_EVERY_S)

    async def work_once(self) -> bool:
        """Do the round that waits longest; False when there is none."""
        async with self.open_uow() as uow:
            await uow.rounds.recover(self.clock(), SILENT)
            found = await uow.rounds.claim(self.clock())
            await uow.commit()
        if found is None:
            return False
        log.info("round begun round=%s", found.id)
        try:
            status, values = await self._work(found)
        except (TrainerEnded, ExportRefused) as ended:
            code = ended.code if isinstance(ended, TrainerEnded) else "export_refused"
            status, values = ("cancelled" if code == "cancelled" else "failed"), {"error": str(ended)[:500]}
        # The edge of a round: whatever it raised ends this round only.
        except (OSError, ValueError, KeyError) as failure:
            status, values = "failed", {"error": f"{type(failure).__name__}"}
        async with self.open_uow() as uow:
            if status == "passed":
                # Another host than this one may be asked to serve it.
                candidate = self.folder / found.id / str(values["model"])
                stored = await asyncio.to_thread(archives.read, candidate, await self._files(found.id))
                await uow.archives.publish(stored, self.clock())
            await uow.rounds.write(found.id, status=status, ended_at=self.clock(), **values)
            await uow.commit()
        log.info("round ended round=%s status=%s", found.id, status)
        self._clear(found.id)
        return True

    async def _files(self, round_id: str) -> Mapping[str, str]:
        async with self.open_uow() as uow:
            found = await uow.rounds.by_id(round_id)
        return found.files if found else {}

    async def _work(self, found: Round) -> tuple[str, dict[str, object]]:
        place = self.folder / found.id
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        n_taught = await self._choose(found.id, place)
        live = newest(self.models)
        if live is None:
            raise TrainerEnded("failed", "there is no served model to compare with")

        async def hear(lines: Sequence[str]) -> bool:
            async with self.open_uow() as uow:
                goes_on = await uow.rounds.progress(found.id, lines, self.clock())
                await uow.commit()
            return goes_on

        world = environment(self.model_key)
        await trainer.run(self.steps.train(place / "reviewed", place), self.tree, world, self.bounds, hear)
        candidate = newest(place)
        if candidate is None:
            raise TrainerEnded("failed", "no archive was made")
        told = place / "exam.json"
        words = self.steps.examine(live, candidate, place / "held_out.csv", place / "reviewed", told)
        await trainer.run(words, self.tree, {**world, **self.questions}, EXAM_BOUNDS, hear)
        exam = json.loads(told.read_text(encoding="utf-8"))
        refusals = list(exam.get("refusals", []))
        if candidate.name == live.name:
            refusals.append({"code": "nothing_new"})
        return ("refused" if refusals else "passed"), {
            "exam": exam,
            "refusals": refusals,
            "model": candidate.name,
            "live_model": live.name,
            "n_examples": n_taught,
        }

    async def _choose(self, round_id: str, place: Path) -> int:
        """Write the reviewed files and the held-out slice into the round's folder; returns how many sentences teach."""
        base = await asyncio.to_thread(base_counts, self.tree)
        async with self.open_uow() as uow:
            approved = await uow.rounds.candidates()
            choice = chosen(approved, base)
            await uow.rounds.keep_choice(round_id, choice, {one.id: one.label for one in approved})
            taught = await uow.rounds.texts(choice.taught)
            kept_back = await uow.rounds.texts(choice.held_out)
            files = reviewed_files(taught, self.labels)
            reviewed_files(kept_back, self.labels)
            marked = await uow.review.marked()
            await uow.rounds.write(round_id, files=files, n_examples=len(taught))
            await uow.commit()
        write_files(files, place / "reviewed")
        _write_rows(
            place / "held_out.csv", ["text", "label"], [(text, label) for _, text, label in kept_back]
        )
        _write_rows(place / "marks.csv", ["text", "kind", "words"], marked)
        return len(taught)

    def _clear(self, kept: str) -> None:
        """Only the newest folders stay: an archive is 25 MB."""
        folders = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for folder in folders[:-KEPT_FOLDERS]:
            if folder.name != kept:
                shutil.rmtree(folder, ignore_errors=True)


def _write_rows(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(names)
        table.writerows(rows)
