"""The engines of this host, over loopback or unix sockets: one turn at a time each, dead ones left alone until they answer."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

log = logging.getLogger(__name__)

HEALTH_EVERY_S = 0.3
HEALTH_TIMEOUT_S = 2.0
NOT_READY = 503
# A second step of a turn comes within this time after the first.
DRAIN_S = 2.0


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


@dataclass(eq=False)
class _Endpoint:
    """One engine process. `standby`: it is up and gets no turn yet; `retiring`: only turns that were frozen with its model, as does
    a `trial`."""

    name: str
    client: httpx.AsyncClient = field(repr=False)
    model: str | None = None
    standby: bool = False
    retiring: bool = False
    trial: bool = False
    free: bool = False

    @property
    def serves(self) -> bool:
        return not self.standby and not self.retiring and not self.trial

    async def look(self) -> str | None:
        """The model's id when it would take a turn."""
        try:
            answer = await self.client.get("/health", timeout=HEALTH_TIMEOUT_S)
            told = answer.json()
        # RuntimeError: it was let go of while it was asked.
        except (httpx.HTTPError, ValueError, RuntimeError):
            return None
        return str(told["model"]) if answer.status_code == httpx.codes.OK and told.get("ready") else None


class EnginePool:
    """N engines, N turns at a time. `addresses` are unix sockets (paths) or `http://127.0.0.1:port`.

    A turn goes to an engine of the model that it was frozen with, as long as one is up: two steps of a turn never see two models.
    """

    def __init__(self, addresses: Sequence[Path | str], secret: str, timeout_s: float = 10.0) -> None:
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._timeout_s = timeout_s
        self._endpoints = [self._endpoint(one) for one in addresses]
        self._changed = asyncio.Condition()
        self._up: set[str] = set()

    def _endpoint(self, address: Path | str) -> _Endpoint:
        return _Endpoint(str(address), _client(address, self._headers, self._timeout_s))

    @property
    def model(self) -> str | None:
        return next((one.model for one in self._endpoints if one.name in self._up and one.serves), None)

    @property
    def n_up(self) -> int:
        """How many engines answer."""
        return len(self._up)

    @property
    def n_busy(self) -> int:
        """How many of them are at a turn."""
        return sum(not one.free for one in self._endpoints if one.name in self._up)

    async def watch(self) -> None:
        """Look after engines that are down until they answer; runs until cancelled."""
        while True:
            for endpoint in list(self._endpoints):
                if endpoint.name not in self._up and endpoint in self._endpoints:
                    await self._revive(endpoint)
            await asyncio.sleep(HEALTH_EVERY_S)

    async def _revive(self, endpoint: _Endpoint) -> None:
        endpoint.model = await endpoint.look()
        if endpoint.model is not None and endpoint in self._endpoints:
            self._up.add(endpoint.name)
            await self._settled(endpoint, free=True)
            log.info("engine up engine=%s model=%s", endpoint.name, endpoint.model)

    async def prepare(self, addresses: Sequence[Path | str], timeout_s: float) -> bool:
        """Look after further engines that serve nobody yet; whether all were up in time. If not, they are let go of."""
        new = [self._endpoint(one) for one in addresses]
        for endpoint in new:
            endpoint.standby = True
        self._endpoints += new
        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: all(one.name in self._up for one in new))
        except TimeoutError:
            await self._drop(new)
            return False
        return True

    async def take_over(self, addresses: Sequence[Path | str]) -> None:
        """From now on these engines serve; the others finish what was frozen with their model, and are let go of."""
        names = {str(one) for one in addresses}
        regular = [one for one in self._endpoints if not one.trial]
        old = [one for one in regular if one.name not in names]
        for endpoint in regular:
            endpoint.standby, endpoint.retiring = False, endpoint in old
        async with self._changed:
            self._changed.notify_all()
        log.info("model changed model=%s", self.model)
        await self._let_go(old)

    @property
    def trial_model(self) -> str | None:
        """Id of the model on trial, while its engine is up."""
        return next((one.model for one in self._endpoints if one.trial and one.name in self._up), None)

    def try_out(self, address: Path | str) -> None:
        """Look after one more engine, which takes only turns of its own model, and rehearsals."""
        endpoint = self._endpoint(address)
        endpoint.trial = True
        self._endpoints.append(endpoint)

    async def end_trial(self) -> None:
        """Let go of the engine on trial once the turns that it began are over."""
        await self._let_go([one for one in self._endpoints if one.trial])

    async def rehearse(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What the model on trial would answer; it is told that nobody reads it.

        Raises:
            EnginesAway: its engine is not up.
            EngineFailed: as `run` does.
        """
        model = self.trial_model
        if model is None:
            raise EnginesAway("no engine is on trial")
        return await self._run({**request, "model": model, "rehearsal": True}, only=model)

    async def _let_go(self, old: Sequence[_Endpoint]) -> None:
        if not old:
            return
        # A turn has at most a few steps; each is over after the timeout, whatever happens.
        await asyncio.sleep(min(DRAIN_S, self._timeout_s))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout_s), self._changed:
                await self._changed.wait_for(lambda: all(one.free or one.name not in self._up for one in old))
        await self._drop(old)

    async def _drop(self, endpoints: Sequence[_Endpoint]) -> None:
        self._endpoints = [one for one in self._endpoints if one not in endpoints]
        for endpoint in endpoints:
            self._up.discard(endpoint.name)
            await endpoint.client.aclose()

    async def close(self) -> None:
        for endpoint in self._endpoints:
            await endpoint.client.aclose()

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of the first engine that is free; of the model that `request` names, if it is still there.

        Raises:
            EnginesAway: none is up, or none became free in time.
            EngineFailed: the engine refused, raised, broke off or took too long.
        """
        return await self._run(request)

    async def _run(self, request: Mapping[str, Any], only: str | None = None) -> dict[str, Any]:
        while self._up:
            endpoint = await self._one_free(request.get("model"), only)
            if endpoint is None:
                break
            answer = await self._ask(endpoint, request)
            if answer is not None:
                return answer
        raise EnginesAway("no engine is up")

    async def _one_free(self, model: str | None, only: str | None) -> _Endpoint | None:
        """An engine that is nobody else's until it is set free; None when all went down."""
        try:
            async with asyncio.timeout(self._timeout_s), self._changed:
                await self._changed.wait_for(lambda: self._choice(model, only) is not None or not self._up)
                endpoint = self._choice(model, only)
                if endpoint is not None:
                    endpoint.free = False
                return endpoint
        except TimeoutError as failure:
            raise EnginesAway("all engines are busy") from failure

    def _choice(self, model: str | None, only: str | None) -> _Endpoint | None:
        up = [one for one in self._endpoints if one.name in self._up and not one.standby]
        up = [
            one
            for one in up
            if one.model == only or (only is None and not (one.trial and one.model != model))
        ]
        fitting = [one for one in up if one.model == model] or [one for one in up if one.serves] or up
        return next((one for one in fitting if one.free), None)

    async def _ask(self, endpoint: _Endpoint, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """None when this engine never got the request: another may."""
        stays = False
        try:
            answer = await endpoint.client.post("/turns", content=json.dumps(request))
            stays = answer.status_code != NOT_READY
            return {**_told(answer), **_timing(answer)} if stays else None
        except httpx.ConnectError:
            return None
        except httpx.TimeoutException as failure:
            raise EngineFailed("engine_timeout") from failure
        except httpx.HTTPError as failure:
            raise EngineFailed("engine_broke_off") from failure
        finally:
            if not stays:
                self._up.discard(endpoint.name)
                log.warning("engine down engine=%s", endpoint.name)
            await self._settled(endpoint, free=stays)

    async def _settled(self, endpoint: _Endpoint, *, free: bool) -> None:
        async with self._changed:
            endpoint.free = free
            self._changed.notify_all()


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


def _timing(answer: httpx.Response) -> dict[str, float]:
    """Milliseconds of the processor, as the engine tells them; other work on the machine does not count."""
    told = re.search(r"\bcpu;dur=([0-9.]+)", answer.headers.get("server-timing", ""))
    return {"cpu_ms": float(told[1])} if told else {}


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
