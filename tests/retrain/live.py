"""A candidate on live traffic, all the way: silent, for a tenth, for half, for all, and back, by clicks on the pages while people talk."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from backend.app import Product
from backend.cases.access import Role
from backend.persistence.round_rows import Round
from tests.cluster.oracle import Verdict, judge
from tests.retrain.crowd import Crowd, Overheard
from tests.retrain.speaking import say
from tests.support.desk import AtDesk, desk_on, put_officer

PARTS = ("10 %", "50 %")
SILENT, CHANGING, ALL, BACK = "silent", "changing", "all", "back"
LONGEST_BACK_S = 30.0
READY_WITHIN_S = 240.0
# A page answers within two minutes; so long the new engines may take to come up beside everything else.
CLICK_WITHIN_S = 110.0
Tell = Callable[[str], None]


@dataclass
class Trial:
    """One trial of a round that passed. `n_talks` talks are over before each next click."""

    product: Product
    one: Round
    n_talks: int
    tell: Tell
    slang: Sequence[str] = ()
    back_s: float = 0.0
    shown: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    async def run(self) -> bool:
        """Whether nothing was lost, said twice or split. The model of before serves afterwards; `back_s` says how soon."""
        desk = await reviewer_of(self.product)
        crowd = Crowd(f"http://localhost:{self.product.port}")
        self.product.crew.start_s = CLICK_WITHIN_S
        heard = Overheard(self.product.engines)
        heard.listen()
        crowd.begin()
        try:
            await self._forward(desk, crowd, heard)
            await self._back(desk, crowd, heard)
        finally:
            await crowd.close()
            await desk.http.aclose()
        verdict = await judge(self._ask, self.product.core.database.keys.vault, crowd.citizens)
        self._conclude(verdict, crowd, heard)
        return not self.findings

    async def _forward(self, desk: AtDesk, crowd: Crowd, heard: Overheard) -> None:
        heard.stage = SILENT
        await self._click(desk, f"/tinjau/pelatihan/{self.one.id}/coba", leads_to="/tinjau/uji")
        await self._ready()
        await asyncio.gather(crowd.until_over(self.n_talks), say(self.product, self.slang))
        await self._look(desk)
        self._told(heard)
        for stage in PARTS:
            await self._click(desk, "/tinjau/uji/langkah", share=stage.split()[0])
            heard.stage = stage
            await crowd.until_over(self.n_talks)
            self._told(heard)
        # While the engines change, who is in the middle of a report goes on with the model that is there.
        heard.stage = CHANGING
        took = await self._click(desk, "/tinjau/uji/langkah", share="100", leads_to="/tinjau/versi")
        self.tell(f"for all after {took:.1f} s, while people talked")
        heard.stage = ALL
        await crowd.until_over(self.n_talks)
        self._told(heard)

    async def _back(self, desk: AtDesk, crowd: Crowd, heard: Overheard) -> None:
        live = self.product.engines.model
        began, place = time.monotonic(), len(heard.steps)
        clicked = asyncio.create_task(self._click(desk, "/tinjau/versi/kembali", leads_to="/tinjau/versi"))
        while all(one.model == live for one in heard.steps[place:]):
            await asyncio.sleep(0.05)
        self.back_s = time.monotonic() - began
        took = await clicked
        heard.stage = BACK
        await crowd.until_over(self.n_talks)
        self.tell(
            f"back by one click: people heard it after {self.back_s:.1f} s, the page came after {took:.1f} s"
        )
        self._told(heard)

    async def _click(self, desk: AtDesk, path: str, leads_to: str = "/tinjau/uji", **fields: str) -> float:
        """Seconds that a click took; one that led elsewhere is a finding."""
        began = time.monotonic()
        answer = await desk.post(path, fields, timeout=180)
        if answer.headers.get("location") != leads_to:
            self.findings.append(
                f"{path} {fields} led to {answer.status_code} {answer.headers.get('location')}"
            )
        return time.monotonic() - began

    async def _ready(self) -> None:
        """Until the candidate hears what is said."""
        began = time.monotonic()
        while self.product.engines.trial_model is None:
            if time.monotonic() - began > READY_WITHIN_S:
                raise TimeoutError("the candidate's engine did not come up")
            await asyncio.sleep(0.1)
        # The row says so at the next look; before, nobody can be given to it.
        await asyncio.sleep(2)
        self.tell(f"the candidate hears after {time.monotonic() - began:.1f} s")

    async def _look(self, desk: AtDesk) -> None:
        """What the reviewer's page shows of the silent part."""
        assert self.product.site.training is not None
        seen = await self.product.site.training.trial()
        page = (await desk.get("/tinjau/uji")).text
        self.shown = re.findall(r"<q>(.*?)</q>", page)
        if seen is None or not seen.compared.n:
            self.findings.append("nothing was compared")
            return
        same = seen.compared
        self.tell(
            f"silent: {same.n} messages compared, {same.same_reading} read alike, {same.same_answer} answered alike; "
            f"{len(self.shown)} differing sentences on the page, such as {self.shown[:3]}"
        )
        if seen.texts and not self.shown:
            self.findings.append("the page does not show what was read differently")

    def _told(self, heard: Overheard) -> None:
        turns = heard.turns_of(heard.stage)
        live, new = self.one.live_model or "", self.one.model or ""
        ids = self.product.engines
        self.tell(f"{heard.stage}: turns {dict(turns)} (served: {ids.model}; {live} → {new})")

    async def _ask(self, sql: str) -> list[object]:
        connection = await self.product.core.database.admin_address.connect()
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    def _conclude(self, verdict: Verdict, crowd: Crowd, heard: Overheard) -> None:
        self.findings += [*verdict.findings, *crowd.findings()]
        if split := heard.split_turns():
            self.findings.append(f"{split} turns were answered by two models")
        if handed := heard.handed_over(PARTS):
            self.findings.append(f"{handed} reports changed their model while they were written")
        candidate = {one.model for one in heard.steps if one.stage == ALL}
        # A tenth of a few talks may well be none.
        if not set(heard.turns_of(PARTS[-1])) & candidate:
            self.findings.append(f"{PARTS[-1]}: the candidate answered nobody")
        verdict.findings = self.findings
        for line in str(verdict).splitlines():
            self.tell(f"    {line}")


async def reviewer_of(product: Product) -> AtDesk:
    """An officer who may review, signed in on this product."""
    officer = await put_officer(product.site, Role.LANGUAGE)
    return await desk_on(product.site, f"http://localhost:{product.port}", officer)
