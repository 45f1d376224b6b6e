"""How fast the overview opens and how an export streams with many cases: `python -m tests.bench.sight --cases 100000`.

The register and the backend are those of `desk.py`; keep its data folder with `--data` and come back with `--filled`.

* **overview** `/meja/ringkasan` for roles of every scope: the default period, twelve months, everything; one office, one issue.
* **export** of every case in view (or of `--month 2026-05`) as CSV and as a workbook: rows a second, and by how much the backend's memory grows while it sends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

import psutil

from backend.persistence.database import Database
from backend.settings import Settings
from tests.bench.desk import Desk, Person, backends
from tests.bench.seeding import fill

ROLES = ("admin", "leader", "dpupr", "inspector")
PAGES = {
    "default": "/meja/ringkasan",
    "year": "/meja/ringkasan?periode=12b",
    "whole": "/meja/ringkasan?periode=semua",
    "issue": "/meja/ringkasan?periode=12b&urusan=jalan_rusak",
}
WATCH_S = 0.2
MB = 2**20


def memory_mb(desk: Desk) -> float:
    """Of the backends."""
    return sum(psutil.Process(pid).memory_info().rss for pid in desk.pids) / MB


async def overview(desk: Desk, repeats: int) -> None:
    """Every page for every role; the first look of each is counted, too."""
    took: dict[str, list[float]] = {}
    for role in ROLES:
        person = await desk.officer(role)
        for _ in range(repeats):
            for name, path in PAGES.items():
                took.setdefault(name, []).append((await person.get(path)).ms)
        await person.browser.close()
    for name, values in took.items():
        desk.tell(f"overview_{name}", values)


async def export(desk: Desk, fmt: str, month: str) -> None:
    """One export of a month in view, or of everything; raises RuntimeError unless each row was sent."""
    person = await desk.officer("verifier")
    form = {"csrf": person.csrf, "berkas": f"sp4n.{fmt}", "bulan": month, "alasan": "pengukuran kecepatan"}
    page = (await person.browser.post("/meja/unduhan", form)).headers["location"]
    before = most = memory_mb(desk)
    fetching = asyncio.create_task(person.get(f"{page}/berkas"))
    while not fetching.done():
        most = max(most, memory_mb(desk))
        await asyncio.sleep(WATCH_S)
    answer = await fetching
    news = await told(person, f"{page}/kabar")
    if news["status"] != "done" or news["n_done"] != news["n_total"]:
        raise RuntimeError(f"the export ended early: {news}")
    desk.figures[f"export_{fmt}_rows"] = float(news["n_done"])
    desk.figures[f"export_{fmt}_rows_per_s"] = float(news["n_done"]) / (answer.ms / 1000)
    desk.figures[f"export_{fmt}_mb"] = len(answer.body) / MB
    desk.figures[f"export_{fmt}_memory_growth_mb"] = most - before


async def told(person: Person, path: str) -> dict[str, int | str]:
    """What the page that watches an export is told."""
    found: dict[str, int | str] = json.loads((await person.get(path)).body)
    return found


async def measure(options: argparse.Namespace, data: Path) -> dict[str, float]:
    """Everything, on a data folder that holds the cases or is filled now."""
    database = await Database.open(Settings(_env_file=None, data=data))
    try:
        if not options.filled:
            await fill(database, options.cases)
        async with backends(data, 1) as (urls, pids):
            desk = Desk(urls, pids, database)
            await overview(desk, options.repeats)
            for fmt in ("csv", "xlsx"):
                await export(desk, fmt, options.month)
        return desk.figures
    finally:
        await database.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.sight", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--data", type=Path, help="a data folder to keep; default: a new one, thrown away")
    parser.add_argument("--filled", action="store_true", help="the data folder holds its cases already")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--month", default="semua", help="what is exported: 2026-05, or everything (`semua`)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tl-bench-") as folder:
        Path(folder).chmod(0o755)
        figures = asyncio.run(measure(options, options.data or Path(folder)))
    for name, value in figures.items():
        print(f"sight_{name}: {value:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
