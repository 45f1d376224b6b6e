"""Options of the commands about officers and about the rights of reporters."""

from __future__ import annotations

import argparse
from pathlib import Path

RIGHTS = {
    "export": "Write all that is known about a case into a folder, with a receipt.",
    "rectify": "Correct words of a case, with a receipt.",
    "restrict": "Use a case for nothing but its handling from now on, with a receipt.",
    "erase": "Destroy what was written about a case, for good, with a receipt.",
    "legal-demand": "Print all that the system can say about one case.",
}


def officer_options(officer: argparse.ArgumentParser, holder: argparse.ArgumentParser) -> None:
    """Of making a position, and of giving it to a new holder."""
    for one in (officer, holder):
        one.add_argument("--login", required=True, help="login name, e.g. admin.induk")
        one.add_argument("--holder", required=True, help="name of the person who holds the position")
        one.add_argument("--sk-number", required=True, help="number of the decree (SK)")
        one.add_argument("--sk-until", required=True, help="last day of the decree, YYYY-MM-DD")
    officer.add_argument("--role", required=True, help="admin_induk, verifikator, narahubung, … (glossary)")
    officer.add_argument("--title", required=True, help="name of the position, e.g. 'Admin induk Diskominfo'")
    officer.add_argument("--agency", help="code of agencies.csv, for roles of one office")
    officer.add_argument("--area", help="district or village code, for operator_desa")
    officer.add_argument("--desk", help="regency code (default: TEMAN_LAPOR_HOME_REGENCY)")


def right_options(name: str, right: argparse.ArgumentParser) -> None:
    """Which case, and what this right needs besides."""
    which = right.add_mutually_exclusive_group(required=True)
    which.add_argument("--code", help="tracking code; `-` reads it from standard input")
    which.add_argument("--number", help="public case number")
    if name == "export":
        right.add_argument("folder", type=Path, help="a folder that does not exist yet")
    if name == "rectify":
        right.add_argument("field", choices=["description", "landmark"], help="words from standard input")
