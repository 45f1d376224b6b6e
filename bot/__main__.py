"""The command line of the bot environment: `python -m bot understand | train | eval | lint-data`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

MODELS = Path("models")


def _train(arguments: argparse.Namespace) -> int:
    from bot.training.train import TrainingFailed, train

    try:
        train(arguments.out, os.environ.get("TEMAN_LAPOR_MODEL_KEY"), only_if_missing=arguments.if_missing)
    except TrainingFailed as failure:
        print(f"training failed: {failure}", file=sys.stderr)
        return 1
    return 0


def _round(arguments: argparse.Namespace) -> int:
    from bot.training import round as rounds
    from bot.training.train import TrainingFailed

    rounds.end_with_parent()
    try:
        rounds.train_round(arguments.reviewed, arguments.out, os.environ.get("TEMAN_LAPOR_MODEL_KEY"))
    except (TrainingFailed, rounds.RoundRefused) as failure:
        print(f"round failed: {failure}", file=sys.stderr)
        return 1
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    from bot.actions.backend_client import HttpBackend
    from bot.training import round as rounds
    from bot.training.compare import compare

    rounds.end_with_parent()
    key = os.environ.get("TEMAN_LAPOR_MODEL_KEY")
    files = (arguments.live, arguments.candidate, arguments.held_out, arguments.reviewed, arguments.out)
    address = os.environ.get("TEMAN_LAPOR_INTERNAL_URL")
    backend = HttpBackend(address, os.environ.get("TEMAN_LAPOR_ENGINE_SECRET", "")) if address else None
    return compare(*files, key, backend)


def _understand(arguments: argparse.Namespace) -> int:
    from bot.understand import NoModel, understand

    try:
        return understand(arguments.model, sys.stdin, sys.stdout)
    except NoModel as missing:
        print(missing, file=sys.stderr)
        return 1


def _eval(arguments: argparse.Namespace) -> int:
    from bot.training.exam import examine

    return examine(arguments.dev, quick=arguments.quick)


def _lint_data(arguments: argparse.Namespace) -> int:
    from bot.training.lint import lint

    return lint(sys.stdout)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="python -m bot", description="Teman Lapor: language and model tools.")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], sentence: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=sentence, description=sentence)
        added.set_defaults(run=run)
        return added

    train = command("train", _train, "Train a model of bot/data; signed if TEMAN_LAPOR_MODEL_KEY is set.")
    train.add_argument("--out", type=Path, default=MODELS, help="folder of the archive (default: models)")
    train.add_argument("--if-missing", action="store_true", help="only when no model of these data is there")
    candidate = command(
        "round", _round, "Train a candidate of the tree and the reviewed sentences of a folder."
    )
    candidate.add_argument("--reviewed", type=Path, required=True, help="folder with the reviewed files")
    candidate.add_argument("--out", type=Path, required=True, help="folder of the candidate's archive")
    verdict = command("compare", _compare, "Let a candidate sit the exam beside the served model.")
    for name in ("live", "candidate", "held-out", "reviewed", "out"):
        verdict.add_argument(f"--{name}", type=Path, required=True)
    understand = command(
        "understand", _understand, "One message a line in, one JSON object a line out, with the live model."
    )
    live = Path(os.environ.get("TEMAN_LAPOR_MODEL") or MODELS)
    understand.add_argument("--model", type=Path, default=live, help="archive, or folder with archives")
    examine = command("eval", _eval, "Measure the language side and write docs/nlu-report.md anew.")
    examine.add_argument(
        "--dev",
        type=Path,
        default=Path("../shared/data/dev"),
        help="folder of outside data, measured if present",
    )
    examine.add_argument("--quick", action="store_true", help="print the figures only; write nothing")
    command(
        "lint-data", _lint_data, "Check the training data: duplicates, labels, counts, leaks, personal data."
    )
    return top


def main(words: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
