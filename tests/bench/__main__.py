"""`make bench`: stock Rasa and our engine, same model, same dialogues, one run. The last lines are `name: number`.

Messages per second *per core* are messages divided by the processor seconds of all processes of a side, so that other
work on the machine disturbs as little as possible; milliseconds are as the caller sees them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from tests.bench.processes import BOT, ROOT
from tests.bench.questions import listening
from tests.bench.sides import Ours, Side, Turn, cost, memory_mb, ours, stock

TALKS = Path(__file__).with_name("talks.yml")
EARLY, LATE = 6, 600
REPEATS = 40


def converse(side: Side, conversation: str, talk: list[dict[str, Any]]) -> list[Turn]:
    """One talk from beginning to end."""
    turns: list[Turn] = []
    offered: list[tuple[str, Any]] = []
    for step in talk:
        tapped = [choice for label, choice in offered if label.startswith(step.get("choose", label + "."))]
        words = step.get("say") or step["or"]
        turns.append(side.choose(conversation, tapped[0]) if tapped else side.say(conversation, words))
        offered = turns[-1].choices
    return turns


def measure(side: Side, talks: list[list[dict[str, Any]]], rounds: int) -> tuple[list[Turn], float]:
    """Turns of `rounds` times all talks, and the processor seconds they cost; one round before is warming up."""
    for n, talk in enumerate(talks):
        converse(side, f"warm-{n}", talk)
    before = cost(side)
    turns = [
        turn
        for round_ in range(rounds)
        for n, talk in enumerate(talks)
        for turn in converse(side, f"{round_}-{n}", talk)
    ]
    return turns, cost(side) - before


def late_over_early(side: Ours, lines: list[str]) -> float:
    """What message 600 of one session costs, against message 6.

    Both are the same words, and the engine keeps nothing: so after the session the two are sent by turns, each with the
    state it had then, and the machine's moods fall on both alike.
    """
    states = {}
    for number in range(1, LATE + 1):
        if number in (EARLY, LATE):
            states[number] = side.states["long"]
        side.say("long", lines[(number - 1) % len(lines)])
    words = lines[(LATE - 1) % len(lines)]
    spent: dict[int, list[float]] = {EARLY: [], LATE: []}
    for _ in range(REPEATS):
        for number, state in states.items():
            side.states["again"] = state
            spent[number].append(side.say("again", words).cpu_ms)
    return statistics.median(spent[LATE]) / statistics.median(spent[EARLY])


def model_to_use(given: Path | None) -> Path:
    """The archive to run: the one named, else the newest in `models`, trained if there is none."""
    if given:
        return given
    folder = ROOT / "models"
    if not list(folder.glob("*.tar.gz")):
        subprocess.run([str(BOT), "-m", "bot", "train", "--out", str(folder)], cwd=ROOT, check=True)
    return max(folder.glob("*.tar.gz"), key=lambda archive: archive.stat().st_mtime)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--model", type=Path, help="a trained archive; default: the newest in models/")
    parser.add_argument("--actions", default="bot.actions", help="package of the actions")
    parser.add_argument("--talks", type=Path, default=TALKS, help="what is said")
    parser.add_argument("--rounds", type=int, default=6, help="how often each talk is held")
    options = parser.parse_args()
    script = yaml.safe_load(options.talks.read_text(encoding="utf-8"))
    model = model_to_use(options.model)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, listening() as questions:
        print(f"model {model.name}; {options.rounds} rounds of {len(script['talks'])} talks", flush=True)
        with stock(model, options.actions, questions, Path(folder)) as side:
            turns, seconds = measure(side, script["talks"], options.rounds)
            report(figures, "stock", turns, seconds, memory_mb(side))
        with ours(model, options.actions, questions, Path(folder)) as side:
            turns, seconds = measure(side, script["talks"], options.rounds)
            report(figures, "engine", turns, seconds, memory_mb(side))
            outside = [turn.cpu_ms - turn.nlu_ms for turn in turns]
            figures["outside_nlu_p50_ms"] = statistics.median(outside)
            figures["outside_nlu_mean_ms"] = statistics.fmean(outside)
            figures["nlu_p50_ms"] = statistics.median(turn.nlu_ms for turn in turns if turn.nlu_ms)
            figures["late_over_early"] = late_over_early(side, script["long"])
            figures["engine_rss_mb"] = memory_mb(side)
    figures["turn_p50_ms"] = figures["engine_turn_p50_ms"]
    figures["ratio"] = figures["engine_messages_per_core_s"] / figures["stock_messages_per_core_s"]
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    return 0


def report(figures: dict[str, float], side: str, turns: list[Turn], seconds: float, mb: float) -> None:
    """Add one side's figures."""
    silent = sum(not turn.said for turn in turns)
    print(
        f"{side}: {len(turns)} messages, {silent} without a reply, {seconds:.1f} processor seconds",
        flush=True,
    )
    figures[f"{side}_messages_per_core_s"] = len(turns) / seconds
    figures[f"{side}_turn_p50_ms"] = statistics.median(turn.wall_ms for turn in turns)
    figures[f"{side}_turn_mean_ms"] = statistics.fmean(turn.wall_ms for turn in turns)
    figures[f"{side}_rss_mb"] = mb


if __name__ == "__main__":
    sys.exit(main())
