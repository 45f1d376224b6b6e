"""What must be true after the drill: nothing lost, nothing twice, everything in order. Judged from notes and from the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.cases.tracking_code import parse
from backend.persistence.sealing import Vault
from tests.cluster.citizens import Citizen

Ask = Callable[[str], Awaitable[list[Any]]]


@dataclass
class Verdict:
    """`findings` is empty when all is well."""

    n_talks: int = 0
    n_messages: int = 0
    n_cases: int = 0
    n_retries: int = 0
    slowest_s: float = 0.0
    median_s: float = 0.0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"conversations: {self.n_talks}",
            f"acknowledged messages: {self.n_messages}",
            f"cases: {self.n_cases}",
            f"sendings that had to be tried again: {self.n_retries}",
            f"answer median s: {self.median_s:.2f}",
            f"answer slowest s: {self.slowest_s:.2f}",
            f"findings: {len(self.findings)}",
        ]
        return "\n".join(lines + [f"  {one}" for one in self.findings[:40]])


async def judge(ask: Ask, vault: Vault, citizens: Sequence[Citizen]) -> Verdict:
    """All findings of all citizens and of the register that `ask` reads."""
    waits = sorted(wait for one in citizens for wait in one.waits)
    verdict = Verdict(
        n_talks=len(citizens),
        n_messages=sum(len(one.sent) for one in citizens),
        n_cases=int((await ask("SELECT count(*) FROM cases"))[0][0]),
        n_retries=sum(one.n_retries for one in citizens),
        slowest_s=waits[-1] if waits else 0.0,
        median_s=waits[len(waits) // 2] if waits else 0.0,
    )
    for number, citizen in enumerate(citizens):
        verdict.findings += [f"citizen {number}: {what}" for what in _of_talk(citizen)]
    verdict.findings += await _of_register(ask, vault, citizens)
    return verdict


def _of_talk(citizen: Citizen) -> list[str]:
    found = [citizen.failure] if citizen.failure else []
    if len(citizen.codes) != 1:
        found.append(f"{len(citizen.codes)} codes")
    mine = [one["client_id"] for one in citizen.events if one["kind"] == "mine"]
    if mine != citizen.sent:
        lost, twice = set(citizen.sent) - set(mine), [one for one, n in Counter(mine).items() if n > 1]
        found.append(f"history differs: {len(lost)} lost, {len(twice)} twice, order {mine == citizen.sent}")
    seqs = [one["seq"] for one in citizen.events]
    if seqs != sorted(set(seqs)):
        found.append("places do not rise")
    if sum(1 for one in citizen.events if one.get("code")) != 1:
        found.append("not exactly one receipt")
    return found


async def _of_register(ask: Ask, vault: Vault, citizens: Sequence[Citizen]) -> list[str]:
    wanted = {vault.digest(parse(code)) for one in citizens for code in one.codes}
    stored = [bytes(row[0]) for row in await ask("SELECT code_digest FROM cases")]
    found = []
    if missing := wanted - set(stored):
        found.append(f"{len(missing)} codes open no case")
    if more := len(stored) - len(wanted):
        found.append(f"{more} cases more than codes")
    for what, sql in (
        ("messages still waiting", "SELECT count(*) FROM inbox WHERE status IN ('waiting', 'frozen')"),
        ("messages given up", "SELECT count(*) FROM inbox WHERE status = 'dead'"),
        ("dead letters", "SELECT count(*) FROM dead_letters"),
        ("answers not delivered", "SELECT count(*) FROM outbox WHERE status = 'queued' AND channel <> 'web'"),
    ):
        if n := int((await ask(sql))[0][0]):
            found.append(f"{n} {what}")
    return found
