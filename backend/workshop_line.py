"""The door's line to the workshop: how it is, looked at every second; a model changed, figures fetched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from backend.engine_crew import LONGEST_START_S, ModelNotServed
from backend.web.workshop_app import FIGURES, MODEL, STATE

LOOK_EVERY_S = 1.0
ANSWER_S = 5.0
CHANGE_S = LONGEST_START_S + 60.0


@dataclass
class WorkshopLine:
    """`backend.workshop.Workshop`, asked from another process. While it does not answer, nothing of it is ready."""

    socket: Path
    secret: str = field(repr=False)
    model: str | None = None
    serving: Path | None = None
    is_up: bool = False
    _client: httpx.AsyncClient = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.AsyncClient(
            base_url="http://workshop",
            headers={"Authorization": f"Bearer {self.secret}"},
            transport=httpx.AsyncHTTPTransport(uds=str(self.socket)),
            timeout=ANSWER_S,
            trust_env=False,
        )

    def is_ready(self) -> dict[str, bool]:
        """Part → whether it works."""
        return {"workshop": self.is_up, "engine": self.model is not None}

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            await self._look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _look(self) -> None:
        try:
            told = (await self._client.get(STATE)).raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            self.is_up, self.model = False, None
            return
        self.is_up, self.model = True, told["model"]
        self.serving = Path(told["serving"]) if told["serving"] else None

    async def change(self, archive: Path) -> float:
        """Serve another archive; the seconds it took.

        Raises:
            ModelNotServed: its engines did not come up, or the workshop is away.
        """
        try:
            answer = await self._client.post(MODEL, json={"archive": str(archive)}, timeout=CHANGE_S)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as failure:
            raise ModelNotServed(f"the workshop is away: {type(failure).__name__}") from failure
        if not answer.is_success:
            raise ModelNotServed(str(told["error"]["log"]))
        await self._look()
        return float(told["took_s"])

    async def turn_figures(self) -> bytes:
        """Figures of turns in Prometheus' text format; none while the workshop is away."""
        try:
            return (await self._client.get(FIGURES)).raise_for_status().content
        except httpx.HTTPError:
            return b""

    async def close(self) -> None:
        """Connections closed."""
        await self._client.aclose()
