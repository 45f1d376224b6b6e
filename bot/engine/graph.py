"""Runs Rasa's prediction graph in a fixed order, worked out once; dask works it out anew for every message."""

from __future__ import annotations

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class PlannedGraphRunner(DaskGraphRunner):
    """Same nodes, same results as the stock runner; the order for a set of targets is kept."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets`, by node name."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = self._plan(wanted)
        results: dict[str, Any] = dict(inputs or {})
        for name, needs in plans[wanted]:
            node = self._instantiated_nodes[name]
            # A node is told the outputs of its parents as (name, output), or the bare name if there is none.
            given = [(need, results[need]) if need in results else need for need in needs]
            results[name] = node(*given)[1]
        return {name: results[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: dict[str, tuple[str, ...]] = {}

        def visit(name: str) -> None:
            if name in plan or name not in nodes:
                return
            for need in nodes[name].needs.values():
                visit(need)
            plan[name] = tuple(nodes[name].needs.values())

        for target in targets:
            visit(target)
        return list(plan.items())
