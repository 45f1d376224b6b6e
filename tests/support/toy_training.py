"""A training side whose steps take a moment and make small files: for tests of rounds, their pages and promotion."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.reference import loader
from backend.reference.intents import known_labels
from backend.rounds.desk import TrainingDesk
from backend.rounds.promotion import Promotion
from backend.rounds.trainer import Bounds
from backend.rounds.worker import RoundWorker

LIVE = "teman-lapor-aaaaaaaaaaaa.tar.gz"
TRAIN = """
import sys, time, pathlib
out, name, lines, pause = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
for n in range(lines):
    print(f"langkah {n}", flush=True)
    time.sleep(pause)
(out / name).write_bytes(b"m" * 1000)
"""


def change(name: str, live: float, candidate: float, n: int = 40) -> dict[str, Any]:
    """One line of an exam."""
    gained, lost = max(0, round((candidate - live) * n)), max(0, round((live - candidate) * n))
    told = {"name": name, "n": n, "live": live, "candidate": candidate, "gained": gained, "lost": lost}
    return {**told, "low": candidate - live - 0.06, "high": candidate - live + 0.06}


EXAM = {
    "sets": [change("maksud", 0.95, 0.955, 600), change("urusan", 0.94, 0.95, 360), change("baru", 0.4, 0.8), change("keselamatan", 1.0, 1.0, 30), change("percakapan", 58 / 60, 59 / 60, 60)],
    "classes": [change("keluhan/lampu_jalan", 0.9, 1.0, 10), change("salam", 1.0, 0.9, 10)],
    "worse": [{"text": "pagi", "wanted": "salam", "live": "salam", "candidate": "pamit"}],
    "better": [{"text": "lampune byar pet", "wanted": "keluhan/lampu_jalan", "live": "keluhan/listrik", "candidate": "keluhan/lampu_jalan"}],
    "confusions": [
        {"wanted": "keluhan/lampu_jalan", "given": "keluhan/listrik", "n": 6, "before": 9},
        {"wanted": "tanya/arti_status", "given": "cek_status", "n": 3, "before": 3},
        {"wanted": "salam", "given": "pamit", "n": 1, "before": 0},
    ],
    "talks": {"n": 60, "live": 58, "candidate": 59, "broken": [], "mended": ["jalan desa"]},
    "reliability": {
        "candidate": {"curve": [[0.35, 0.41, 12], [0.55, 0.6, 30], [0.75, 0.8, 70], [0.95, 0.98, 470]],
                      "answered": 582, "right": 560, "asked_again": 18},
    },
    "marks": [{"kind": "tempat", "n": 3, "found": 2, "missed": ["dpn langgar"]}],
    "speed_ms": [1.2, 1.3],
    "size_bytes": [23_757_440, 23_800_000],
    "refusals": [],
}  # fmt: skip


@dataclass
class ToySteps:
    """The two commands as small programs; what they do is set by the fields."""

    name: str = "teman-lapor-bbbbbbbbbbbb.tar.gz"
    lines: int = 2
    pause: float = 0.02
    exam: dict[str, Any] = field(default_factory=lambda: dict(EXAM))

    def train(self, reviewed: Path, out: Path) -> list[str]:
        return [sys.executable, "-c", TRAIN, str(out), self.name, str(self.lines), str(self.pause)]

    def examine(self, live: Path, candidate: Path, held_out: Path, reviewed: Path, out: Path) -> list[str]:
        program = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2], encoding='utf-8')"
        return [sys.executable, "-c", program, str(out), json.dumps(self.exam)]


@dataclass
class ToyTraining:
    """Worker, desk and what is served, in a folder of the test."""

    worker: RoundWorker
    desk: TrainingDesk
    steps: ToySteps
    tree: Path
    served: list[Path]

    @property
    def serving(self) -> Path:
        return self.served[-1]


def toy_training(
    database: Database, folder: Path, clock: Callable[[], datetime], bounds: Bounds | None = None
) -> ToyTraining:
    """A model serves, and its tree has two classes."""
    models, tree = folder / "models", folder / "tree"
    models.mkdir()
    (models / LIVE).write_bytes(b"m" * 1000)
    os.utime(models / LIVE, (1_700_000_000, 1_700_000_000))
    (tree / "bot/data/nlu").mkdir(parents=True)
    examples = "".join(f"    - halo {n}\n" for n in range(60))
    base = f"nlu:\n- intent: salam\n  examples: |\n{examples}"
    (tree / "bot/data/nlu/salam.yml").write_text(base, encoding="utf-8")
    steps, served = ToySteps(), [models / LIVE]
    open_uow = opener(database.requests, database.keys.vault)
    worker = RoundWorker(
        open_uow,
        steps,
        folder / "rounds",
        models,
        tree,
        "k" * 16,
        known_labels(loader.load()),
        clock,
        bounds or Bounds(),
    )

    async def changed(archive: Path) -> float:
        served.append(archive)
        return 0.5

    promotion = Promotion(open_uow, changed, lambda: served[-1], models, worker.folder, tree, clock)
    return ToyTraining(worker, TrainingDesk(open_uow, promotion, clock), steps, tree, served)
