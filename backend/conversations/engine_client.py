"""The engines of this host, over loopback or unix sockets: one turn at a time each, dead ones left alone until they answer."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

log = logging.getLogger(__name__)

HEALTH_EVERY_S = 0.3
HEALTH_TIMEOUT_S = 2.0
NOT_READY = 503


class EnginesAway(Exception):
    """No engine is up: the turn waits, and that is not its fault."""


class EngineFailed(Exception):
    """An engine was there and this turn failed in it; `code` is for the log, never a citizen's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Engines(Protocol):
    """What the turn worker needs of the engines."""

    @property
    def model(self) -> str | None:
        """Id of the model that answers; None while no engine is up."""

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The engine's answer. Raises EnginesAway or EngineFailed."""


@dataclass
class _Endpoint:
    """One engine process."""

    name: str
    client: httpx.AsyncClient = field(repr=False)
    model: str | None = None

    async def look(self) -> str | None:
        """The model's id when it would take a turn."""
        try:
            answer = await self.client.get("/health", timeout=HEALTH_TIMEOUT_S)
            told = answer.json()
        except (httpx.HTTPError, ValueError):
            return None
        return str(told["model"]) if answer.status_code == httpx.codes.OK and told.get("ready") else None


class EnginePool:
    """N engines, N turns at a time. `addresses` are unix sockets (paths) or `http://127.0.0.1:port`."""

    def __init__(self, addresses: Sequence[Path | str], secret: str, timeout_s: float = 10.0) -> None:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._timeout_s = timeout_s
        self._endpoints = [_Endpoint(str(one), _client(one, headers, timeout_s)) for one in addresses]
        self._free: asyncio.Queue[_Endpoint] = asyncio.Queue()
        self._up: set[str] = set()

    @property
    def model(self) -> str | None:
        return next((one.model for one in self._endpoints if one.name in self._up), None)

    async def watch(self) -> None:
        """Look after engines that are down until they answer; runs until cancelled."""
        while True:
            for endpoint in self._endpoints:
                if endpoint.name not in self._up:
                    await self._revive(endpoint)
            await asyncio.sleep(HEALTH_EVERY_S)

    async def _revive(self, endpoint: _Endpoint) -> None:
        endpoint.model = await endpoint.look()
        if endpoint.model is not None:
            self._up.add(endpoint.name)
            self._free.put_nowait(endpoint)
            log.info("engine up engine=%s model=%s", endpoint.name, endpoint.model)

    async def close(self) -> None:
        for endpoint in self._endpoints:
            await endpoint.client.aclose()

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of the first engine that is free.

        Raises:
            EnginesAway: none is up, or none became free in time.
            EngineFailed: the engine refused, raised, broke off or took too long.
        """
        while self._up:
            try:
                endpoint = await asyncio.wait_for(self._free.get(), self._timeout_s)
            except TimeoutError as failure:
                raise EnginesAway("all engines are busy") from failure
            answer = await self._ask(endpoint, request)
            if answer is not None:
                return answer
        raise EnginesAway("no engine is up")

    async def _ask(self, endpoint: _Endpoint, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """None when this engine never got the request: another may."""
        stays = False
        try:
            answer = await endpoint.client.post("/turns", content=json.dumps(request))
            stays = answer.status_code != NOT_READY
            return _told(answer) if stays else None
        except httpx.ConnectError:
            return None
        except httpx.TimeoutException as failure:
            raise EngineFailed("engine_timeout") from failure
        except httpx.HTTPError as failure:
            raise EngineFailed("engine_broke_off") from failure
        finally:
            if stays:
                self._free.put_nowait(endpoint)
            else:
                self._up.discard(endpoint.name)
                log.warning("engine down engine=%s", endpoint.name)


def _client(address: Path | str, headers: Mapping[str, str], timeout_s: float) -> httpx.AsyncClient:
    local = str(address).startswith("http")
    transport = httpx.AsyncHTTPTransport(uds=None if local else str(address))
    return httpx.AsyncClient(
        base_url=str(address) if local else "http://engine",
        headers=dict(headers),
        transport=transport,
        timeout=httpx.Timeout(timeout_s, connect=HEALTH_TIMEOUT_S),
        trust_env=False,
    )


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError as failure:
        raise EngineFailed("engine_garbage") from failure
    if answer.status_code != httpx.codes.OK:
        raise EngineFailed(_code(told))
    if not isinstance(told, dict):
        raise EngineFailed("engine_garbage")
    return told


def _code(told: Any) -> str:
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("code", "engine_error")) if isinstance(error, dict) else "engine_error"
