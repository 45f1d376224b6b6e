"""The drill: every process is killed in turn while people talk, and the hosts are upgraded one after the other."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.cluster.balancer import Balancer
from tests.cluster.citizens import Citizen
from tests.cluster.hosts import Cluster, kill_engine
from tests.cluster.oracle import Verdict, judge
from tests.support.product import Running

# So long a host may take to see that a part of it is gone.
SEEN_S = 2.0
Step = tuple[str, Callable[[], Awaitable[None]]]


@dataclass
class Drill:
    """`n_talks` conversations, at most `at_once` at the same time, spread evenly over the steps."""

    cluster: Cluster
    n_talks: int
    at_once: int = 8
    seed: int = 1
    say: Callable[[str], None] = print
    citizens: list[Citizen] = field(default_factory=list)
    _talking: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> Verdict:
        """All steps, the verdict at the end."""
        async with Balancer([host.port for host in self.cluster.hosts]).running() as balancer:
            steps = self._steps()
            door = asyncio.Semaphore(self.at_once)
            for number, (what, work) in enumerate(steps):
                share = self.n_talks * (number + 1) // len(steps) - self.n_talks * number // len(steps)
                for n in range(share):
                    self._begin(balancer.url, door, number * self.n_talks + n)
                await self._some_are_talking(share)
                began = time.monotonic()
                self.say(f"{what} …")
                await work()
                self.say(f"  done in {time.monotonic() - began:.1f} s, {self._n_done()} talks over")
            await asyncio.gather(*self._talking)
        return await judge(self.cluster.ask, self.cluster.vault, self.citizens)

    def _begin(self, url: str, door: asyncio.Semaphore, number: int) -> None:
        citizen = Citizen(url, random.Random(f"{self.seed}-{number}"))
        self.citizens.append(citizen)

        async def live() -> None:
            async with door:
                await citizen.live()

        self._talking.add(asyncio.create_task(live()))

    async def _some_are_talking(self, share: int) -> None:
        """Until a third of what was begun for this step is over, so that the step falls into the midst of talks."""
        wanted = self._n_done() + share // 3
        while self._n_done() < wanted:
            await asyncio.sleep(0.1)

    def _n_done(self) -> int:
        return sum(task.done() for task in self._talking)

    def _steps(self) -> list[Step]:
        hosts = self.cluster.hosts
        kills: list[Step] = [
            (f"kill -9 backend {name(number)}", lambda host=host: self._killed(host))
            for number, host in enumerate(hosts)
        ]
        kills += [
            (f"kill -9 workshop of {name(number)}", lambda host=host: self._workshop(host))
            for number, host in enumerate(hosts)
        ]
        engines: list[Step] = [
            (f"kill -9 engine {engine} of {name(number)}", lambda h=host, e=engine: self._engine(h, e))
            for number, host in enumerate(hosts)
            for engine in range(self.cluster.engines[number])
        ]
        newer: list[Step] = [
            (f"upgrade {name(number)} to the next release", lambda host=host: self._upgraded(host))
            for number, host in enumerate(hosts)
        ]
        return [*kills, *engines, *newer]

    async def _killed(self, host: Running) -> None:
        host.kill_backend()
        await asyncio.to_thread(host.start)

    async def _workshop(self, host: Running) -> None:
        if host.kill_workshop() != 1:
            raise AssertionError("a host has one workshop")
        await asyncio.sleep(SEEN_S)
        await asyncio.to_thread(host.wait_until_ready)

    async def _engine(self, host: Running, number: int) -> None:
        kill_engine(host, number)
        await asyncio.sleep(SEEN_S)
        await asyncio.to_thread(host.wait_until_ready)

    async def _upgraded(self, host: Running) -> None:
        """Ended in peace, started as the next release; the first one that is runs the migration."""
        host.tree = self.cluster.next_release()
        assert host.process is not None
        host.process.terminate()
        await asyncio.to_thread(host.process.wait, 90)
        assert host.process.returncode == 0, host.log()[-2000:]
        await asyncio.to_thread(host.start)


def name(number: int) -> str:
    """A, B, …"""
    return chr(ord("A") + number)
