"""The command line: `python -m backend <command>`; without one, the list of commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from backend import settings
from backend.command_options import RIGHTS, officer_options, right_options
from backend.settings import Settings, SettingsRefused


def _run(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.run import run

    return run(configured)


def _workshop(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.run import run_workshop

    return run_workshop(configured, arguments.sockets)


def _train(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.model import train

    return train(configured, only_if_missing=arguments.if_missing)


def _talk(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.talk import talk

    return talk(arguments.url or configured.public_url, sys.stdin, sys.stdout)


def _backup(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.maintenance import backup

    return backup(configured, arguments.file)


def _backup_keys(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.maintenance import backup_keys

    return backup_keys(configured, arguments.file)


def _restore_keys(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.maintenance import restore_keys

    return restore_keys(configured, arguments.file)


def _restore(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.maintenance import restore

    return restore(configured, arguments.file, arguments.keys, replace=arguments.replace)


def _export_reviewed(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.maintenance import export_reviewed

    return export_reviewed(configured)


def _locate(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.places.command import locate

    return locate(configured.data, arguments.home or configured.home_regency, sys.stdin, sys.stdout)


def _route(configured: Settings, arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from backend.route import route

    home = arguments.home or configured.home_regency
    return route(configured.data, home, datetime.now(UTC).date(), sys.stdin, sys.stdout)


def _rules_page(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.rules_page import write_page

    return write_page()


def _dry_run(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.dry_run import dry_run

    return dry_run(configured, arguments.rules, sys.stdout)


def _practice(settings: Settings, arguments: argparse.Namespace) -> int:
    from backend.practice import practice

    return practice(settings, arguments.port, reset=arguments.reset)


def _reference(settings: Settings, arguments: argparse.Namespace) -> int:
    from backend import reference_command

    return reference_command.run(settings, arguments)


def _boundaries(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.places.command import install_boundaries

    return install_boundaries(configured.data, arguments.file)


def _add_officer(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.officers import add_officer

    return add_officer(configured, arguments)


def _hand_over(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.officers import hand_over

    return hand_over(configured, arguments)


def _verify_audit(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.maintenance_audit import verify_audit

    return verify_audit(configured, sys.stdout)


def _doctor(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.doctor import doctor

    return doctor(configured, sys.stdout)


def _right(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend import rights

    code, number = arguments.code, arguments.number
    if arguments.command == "export":
        return rights.export(configured, code, number, arguments.folder)
    if arguments.command == "rectify":
        return rights.rectify(configured, code, number, arguments.field, sys.stdin)
    plain = {"restrict": rights.restrict, "erase": rights.erase, "legal-demand": rights.legal_demand}
    return plain[arguments.command](configured, code, number)


def _check_receipt(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.rights import check_receipt

    return check_receipt(configured, sys.stdin)


def _retention(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.rights import retention

    return retention(configured, dry_run=arguments.dry_run)


def _rotate_keys(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.rights import rotate_keys

    return rotate_keys(configured, new=arguments.new, drop_old=arguments.drop_old)


def _whatsapp(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.channels.whatsapp.command import whatsapp

    return whatsapp(configured, arguments.what, sys.stdout)


def _demo(configured: Settings, arguments: argparse.Namespace) -> int:
    from backend.demo import demo

    return demo(configured)


def _env_example(configured: Settings, arguments: argparse.Namespace) -> int:
    sys.stdout.write(settings.example())
    return 0


Command = Callable[[Settings, argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="python -m backend", description="Teman Lapor: the backend and its tools."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, run: Command, sentence: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=sentence, description=sentence)
        added.set_defaults(run=run)
        return added

    command("run", _run, "Everything on this machine: database, backend, engines, web chat.")
    workshop = command(
        "workshop", _workshop, "Started by `run`: turns and sending, in a process of their own."
    )
    workshop.add_argument("--sockets", type=Path, required=True, help="folder of the inner sockets")
    train = command("train", _train, "Train and sign a model from bot/data.")
    train.add_argument("--if-missing", action="store_true", help="only when no model of these data is there")
    talk = command(
        "talk", _talk, "Talk to the running product: one message a line in, one JSON object a line out."
    )
    talk.add_argument("--url", help="address of the backend (default: TEMAN_LAPOR_PUBLIC_URL)")
    backup = command("backup", _backup, "Write a dump of the database; it holds no keys.")
    backup.add_argument("file", type=Path)
    keys = command(
        "backup-keys", _backup_keys, "Write the keys, encrypted with a passphrase from standard input."
    )
    keys.add_argument("file", type=Path)
    brought = command(
        "restore-keys",
        _restore_keys,
        "Put the keys on a further host; passphrase from standard input.",
    )
    brought.add_argument("file", type=Path)
    restore = command(
        "restore", _restore, "Replace the database by a dump; purges what is due before serving."
    )
    restore.add_argument("file", type=Path)
    restore.add_argument("--keys", type=Path, help="file of `backup-keys`; passphrase from standard input")
    restore.add_argument(
        "--replace", action="store_true", help="drop the reports that the database holds now, for good"
    )
    command("export-reviewed", _export_reviewed, "Write approved sentences to bot/data/nlu/reviewed.yml.")
    locate = command("locate", _locate, "A place phrase or `lat,lon` a line in, one JSON object a line out.")
    locate.add_argument("--home", help="regency code of the desk (default: TEMAN_LAPOR_HOME_REGENCY)")
    route = command(
        "route", _route, "A JSON object {text, issue, place} a line in: whose job it is, a line out."
    )
    route.add_argument("--home", help="regency code of the desk (default: TEMAN_LAPOR_HOME_REGENCY)")
    command("rules-page", _rules_page, "Write docs/jurisdiction.md from the rows of backend/reference.")
    trial = command("dry-run", _dry_run, "What another rule table would do to past cases; changes nothing.")
    trial.add_argument("--rules", type=Path, required=True, help="a table like backend/reference/routing.csv")
    learn = command(
        "practice", _practice, "A desk for learning: invented reports in a database of their own."
    )
    learn.add_argument("--port", type=int, help="port (default: TEMAN_LAPOR_PORT)")
    learn.add_argument("--reset", action="store_true", help="throw away everything practised so far")
    rows = command("reference", _reference, "Reference rows as officers changed them: status, or export.")
    rows.add_argument("what", choices=("status", "export"))
    rows.add_argument(
        "folder", type=Path, nargs="?", help="for export: an empty folder for the changed files"
    )
    rows.add_argument("--version", type=int, help="another version than the one in force")
    boundaries = command("boundaries", _boundaries, "Install polygons of regencies and districts (GeoJSON).")
    boundaries.add_argument("file", type=Path)
    officer = command("add-officer", _add_officer, "Make a position of the desk; prints a link, good once.")
    holder = command("hand-over", _hand_over, "Give a position to a new holder; prints a link, good once.")
    officer_options(officer, holder)
    command("verify-audit", _verify_audit, "Check every audit chain, also against the anchors outside.")
    command("doctor", _doctor, "What is wrong with this installation, and what to do; changes nothing.")
    for name, sentence in RIGHTS.items():
        right = command(name, _right, sentence)
        right_options(name, right)
    command("check-receipt", _check_receipt, "Was the receipt on standard input written by us, unchanged?")
    kept = command(
        "retention", _retention, "Erase what was kept long enough (backend/reference/retention.csv)."
    )
    kept.add_argument("--dry-run", action="store_true", help="only count")
    rotate = command(
        "rotate-keys", _rotate_keys, "Wrap all data keys by the newest wrapping key; restartable."
    )
    rotate.add_argument("--new", action="store_true", help="first step: add a wrapping key to the key file")
    rotate.add_argument(
        "--drop-old", action="store_true", help="last step: forget versions that nothing needs"
    )
    line = command(
        "whatsapp", _whatsapp, "The WhatsApp line: is it set up, what was not delivered, this month."
    )
    line.add_argument("what", choices=("check", "submit", "undelivered", "month"))
    command("demo", _demo, "Fill an empty database with invented reports and officers of every role.")
    command("env-example", _env_example, "Print .env.example.")
    return top


def main(words: list[str] | None = None) -> int:
    """Run one command; returns the exit code. 2 = settings or arguments refused."""
    arguments = parser().parse_args(words)
    try:
        configured = settings.load()
    except SettingsRefused as refusal:
        print(f"Teman Lapor does not start: {refusal}", file=sys.stderr)
        return 2
    chosen: Command = arguments.run
    return chosen(configured, arguments)


if __name__ == "__main__":
    sys.exit(main())
