"""`python -m backend verify-audit`: is the audit what was written? Exit code 0 when it is."""

from __future__ import annotations

import asyncio
import sys
from typing import TextIO

from backend.persistence.anchor_file import AnchorFile
from backend.persistence.audit_check import Checked, check
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.settings import Settings

WORDS = {
    "edited": "an entry was changed, inserted or taken out",
    "cut": "entries that were anchored are gone",
    "rewritten": "other entries stand where anchored ones stood",
    "anchor_edited": "the anchor file was changed, or a line is missing",
    "anchor_cut": "the end of the anchor file is missing",
}
MOST_TOLD = 50


def verify_audit(settings: Settings, out: TextIO) -> int:
    """Check and tell: 0 unbroken, 1 broken, 2 could not be checked."""

    async def work() -> Checked:
        database = await Database.open(settings)
        try:
            vault = database.keys.vault
            async with database.workers.connect() as connection:
                return await check(
                    connection, vault, AnchorFile(settings.data / "audit", vault, settings.host_name)
                )
        finally:
            await database.close()

    try:
        checked = asyncio.run(work())
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"not checked: {refusal}", file=sys.stderr)
        return 2
    for finding in checked.findings[:MOST_TOLD]:
        out.write(f"BROKEN  {finding.place}: {WORDS[finding.what]}\n")
    out.write(
        f"{checked.n_entries} entries in {checked.n_chains} chains, {checked.n_anchors} anchors"
        f" (last {checked.last_anchor or 'never'}): "
        f"{f'{len(checked.findings)} findings' if checked.findings else 'unbroken'}\n"
    )
    return 1 if checked.findings else 0
