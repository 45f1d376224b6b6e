"""`python -m backend dry-run --rules other.csv`: what a changed rule table would do, before it is in force."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from backend.cases.case import Assignment
from backend.cases.errors import RowInvalid
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.unit_of_work import opener
from backend.reference import loader
from backend.reference.loader import Reference
from backend.settings import Settings
from backend.usecases.try_rules import Trial, try_rules


def dry_run(settings: Settings, rules: Path, out: TextIO) -> int:
    """Print one JSON object a changed case, one a finding, and a summary. 1 when the table is refused or has findings."""
    reference = loader.load()
    try:
        changed = loader.with_rules(reference, rules)
        trial = asyncio.run(_tried(settings, reference, changed))
    except (RowInvalid, DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"Nothing was tried: {refusal}", file=sys.stderr)
        return 1
    for line in report(trial):
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 1 if trial.findings else 0


async def _tried(settings: Settings, reference: Reference, changed: Reference) -> Trial:
    database = await Database.open(settings)
    try:
        on = reference.today(datetime.now(UTC), settings.home_regency)
        async with opener(database.requests, database.keys.vault)() as uow:
            return await try_rules(reference, changed, uow, settings.home_regency, on)
    finally:
        await database.close()


def report(trial: Trial) -> list[dict[str, Any]]:
    """The lines of a trial: no words of any report, only its number."""
    changes = [
        {"case": one.number, "issue": one.issue, "now": _short(one.now), "then": _short(one.then)}
        for one in trial.changes
    ]
    findings = [asdict(one) for one in trial.findings]
    summary = {
        "cases": trial.n_cases,
        "changed": len(changes),
        "findings": len(findings),
    }
    return [*changes, *findings, summary]


def _short(assignment: Assignment) -> dict[str, str]:
    return {"level": assignment.level.value, "agency": assignment.agency, "rule": assignment.rule}
