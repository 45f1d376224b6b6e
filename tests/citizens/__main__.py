"""`python -m tests.citizens`: simulated citizens talk to the real product; figures and failed transcripts come out."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from backend.places import service as places
from tests.citizens.citizen import Citizen
from tests.citizens.figures import figures, table, transcript
from tests.citizens.personas import OF_EACH, SEED, personas
from tests.citizens.report import write
from tests.citizens.talking import world
from tests.citizens.verdict import Talk, faults
from tests.support.database import TestServer, running_server
from tests.support.real_engine import ROOT, RealEngine, running_engine
from tests.support.stage import SERVED


def main(arguments: list[str]) -> int:
    """0 when every promise is kept."""
    parser = argparse.ArgumentParser(prog="make citizens", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--each", type=int, default=OF_EACH, help="people for every behaviour")
    parser.add_argument("--only", help="behaviours or complaints that contain this")
    parser.add_argument(
        "--out", type=Path, default=Path("build/citizens"), help="folder of failed transcripts"
    )
    parser.add_argument("--all", action="store_true", help="write every transcript")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="folder with a trained model")
    parser.add_argument("--report", type=Path, help="Markdown file to write")
    chosen = parser.parse_args(arguments)
    people = personas(chosen.seed, chosen.each)
    if chosen.only:
        people = [p for p in people if chosen.only in f"{p.manner.name}/{p.facts.id}"]
    talks, model = _all(people, chosen.models)
    shutil.rmtree(chosen.out, ignore_errors=True)
    chosen.out.mkdir(parents=True)
    for talk in talks:
        if chosen.all or faults(talk):
            name = f"{talk.citizen.manner.name} {talk.citizen.facts.id}.txt".replace(" ", "-")
            (chosen.out / name).write_text(transcript(talk) + "\n", encoding="utf-8")
    print(table(talks))
    if chosen.report:
        write(chosen.report, talks, model, chosen.seed)
    return 0 if figures(talks).clean == len(talks) else 1


def _all(people: list[Citizen], models: Path) -> tuple[list[Talk], str]:
    """Every talk, one after the other, and the name of the model."""
    finder = places.load(SERVED, Path(tempfile.mkdtemp(prefix="tl-no-polygons-")))
    with running_server() as server, running_engine(models) as engine:
        return asyncio.run(_talks(people, server, engine, finder))


async def _talks(
    people: list[Citizen], server: TestServer, engine: RealEngine, finder: places.Places
) -> tuple[list[Talk], str]:
    talks = []
    async with world(engine, finder) as ours:
        for number, citizen in enumerate(people, start=1):
            name, database = await server.fresh()
            try:
                talks.append(await ours.talk(citizen, database))
            finally:
                await database.close()
                await server.drop(name)
            print(f"\r{number}/{len(people)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return talks, ours.pool.model or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
