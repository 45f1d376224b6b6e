"""Whether the audit is what was written: every link of every chain, and every head against the anchors outside the database."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.persistence.anchor_file import AnchorFile
from backend.persistence.rows import chained
from backend.persistence.sealing import Vault
from backend.persistence.tables import anchor_files, audit, case_history


@dataclass(frozen=True)
class Finding:
    """`what` is edited (an entry or its link), cut (entries or a chain that were anchored are gone), rewritten (other entries stand
    where anchored ones stood), anchor_edited or anchor_cut. `place` names the chain or the anchor file's line."""

    place: str
    what: str


@dataclass
class Checked:
    """What was looked at, and what is wrong."""

    n_entries: int = 0
    n_chains: int = 0
    n_anchors: int = 0
    last_anchor: str = ""
    findings: list[Finding] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        finding = Finding(place, what)
        if finding not in self.findings[-3:]:
            self.findings.append(finding)


Expected = dict[tuple[str, int], str]


async def check(connection: AsyncConnection, vault: Vault, file: AnchorFile) -> Checked:
    """Reads everything once, in order of the chains; changes nothing."""
    checked = Checked()
    expected = await _read_anchors(connection, vault, file, checked)
    await _check_chains(connection, vault, expected, checked)
    for chain, _ in sorted(expected):
        checked.add(chain, "cut")
    await _check_history(connection, vault, checked)
    return checked


async def _read_anchors(
    connection: AsyncConnection, vault: Vault, file: AnchorFile, checked: Checked
) -> Expected:
    """(chain, number) → link in hex of everything that must stand in the database."""
    expected: Expected = {}
    previous, n = b"", 0
    for line in file.lines():
        if line is None:
            continue  # torn by a crash, and then written again; or changed, and then its number is missing
        if line.n != n + 1 or not line.follows(vault, previous):
            checked.add(f"anchor {n + 1}", "anchor_edited")
        if line.kind == "restored":
            expected.clear()
        for chain, (seq, link) in line.heads.items():
            if expected.setdefault((chain, seq), link) != link:
                checked.add(chain, "rewritten")
        previous, n = line.link, line.n
        checked.n_anchors, checked.last_anchor = n, line.at
    own = sa.select(anchor_files).where(anchor_files.c.host == file.host)
    row = (await connection.execute(own)).one_or_none()
    if row is not None and (row.n > n or (row.n == n and row.link != previous)):
        checked.add(f"anchor {n + 1}", "anchor_cut")
    return expected


async def _check_chains(
    connection: AsyncConnection, vault: Vault, expected: Expected, checked: Checked
) -> None:
    chain, seq, link = "", 0, b""
    async for row in await connection.stream(sa.select(audit).order_by(audit.c.chain, audit.c.seq)):
        if row.chain != chain:
            chain, seq, link = row.chain, 0, b""
            checked.n_chains += 1
        checked.n_entries += 1
        whole = dict(row._mapping)
        belongs = row.chain == (f"case:{row.case_id}" if row.case_id else f"actor:{row.actor}")
        follows = row.seq == seq + 1 and row.previous == link
        if not (follows and belongs) or chained(vault, row.previous, whole) != row.link:
            checked.add(chain, "edited")
        if expected.pop((chain, row.seq), row.link.hex()) != row.link.hex():
            checked.add(chain, "rewritten")
        seq, link = row.seq, row.link


async def _check_history(connection: AsyncConnection, vault: Vault, checked: Checked) -> None:
    """The histories of cases are keyed chains, too; their ends are held by the state of the case."""
    case_id, seq, link = "", 0, b""
    query = sa.select(case_history).order_by(case_history.c.case_id, case_history.c.seq)
    async for row in await connection.stream(query):
        if row.case_id != case_id:
            case_id, seq, link = row.case_id, 0, b""
        follows = row.seq == seq + 1 and row.previous == link
        if not follows or chained(vault, row.previous, dict(row._mapping)) != row.link:
            checked.add(f"history:{case_id}", "edited")
        seq, link = row.seq, row.link
