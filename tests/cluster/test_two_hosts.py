"""Two hosts, three engines, one PostgreSQL: each process killed in turn and both hosts upgraded while people talk."""

from __future__ import annotations

import asyncio

import pytest

from tests.cluster.drill import Drill
from tests.cluster.hosts import Cluster

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.database, pytest.mark.timeout(1500)]


def test_nothing_is_lost_nothing_doubled_and_everything_in_order() -> None:
    with Cluster().running() as cluster:
        verdict = asyncio.run(Drill(cluster, n_talks=56, at_once=6).run())
        assert not verdict.findings, f"{verdict}\n" + "\n".join(host.log()[-3000:] for host in cluster.hosts)
    assert verdict.n_talks == verdict.n_cases == 56
