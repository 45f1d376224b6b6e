"""What lies in docs/deploy names only what exists: settings, routes, figures, runbooks, files; and no image from nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.__main__ import parser
from backend.settings import described
from backend.web import urls
from backend.web.metrics import Metrics

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
SETTINGS = {name for name, _, _ in described()}
# Built here, or of a project that everybody knows.
IMAGES = {"teman-lapor:local", "postgres:18-bookworm", "caddy:2"}


def documents(path: Path) -> list[Any]:
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one is not None]


def walked(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name and what it stands for, however deep."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield str(name), one
            yield from walked(one)
    elif isinstance(value, list):
        for one in value:
            yield from walked(one)


YAML = [path for path in FILES if path.suffix == ".yml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_settings_that_are_named_exist(path: Path) -> None:
    named = set(re.findall(r"\bTEMAN_LAPOR_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named <= SETTINGS


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_images_are_ours_or_known(path: Path) -> None:
    images = {one for document in documents(path) for name, one in walked(document) if name == "image"}
    assert images <= IMAGES


def test_the_image_is_made_of_the_locks_by_the_same_set_up() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any("requirements/install.py run" in line for line in lines)
    assert not [line for line in lines if re.search(r"\b(?:pip|uv pip) install\b", line)], (
        "packages come from the locks"
    )
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert copied and all((ROOT / word).exists() for word in copied)
    command = json.loads(next(line for line in lines if line.startswith("CMD")).removeprefix("CMD"))
    parser().parse_args(command)


def test_units_run_commands_that_exist() -> None:
    for unit in DEPLOY.glob("*.service"):
        told = re.search(r"^ExecStart=\S+ -m backend (.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
        assert told is not None
        parser().parse_args(told[1].split())


def test_probes_ask_routes_that_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (*YAML, DEPLOY / "Caddyfile.hosts"))
    probed = set(re.findall(r"(?:httpGet: \{path: \"?|health_uri |127\.0\.0\.1:8000)(/[a-z]+)", text))
    assert probed == {urls.READY, urls.HEALTH}


def test_kubernetes_leaves_time_to_finish() -> None:
    (found,) = [
        one for one in documents(DEPLOY / "kubernetes" / "teman-lapor.yml") if one["kind"] == "StatefulSet"
    ]
    (settings,) = [
        one for one in documents(DEPLOY / "kubernetes" / "teman-lapor.yml") if one["kind"] == "ConfigMap"
    ]
    pod = found["spec"]["template"]["spec"]
    drain_s = float(settings["data"]["TEMAN_LAPOR_DRAIN_S"])
    readiness = pod["containers"][0]["readinessProbe"]
    assert drain_s >= readiness["periodSeconds"] * readiness["failureThreshold"], (
        "the balancer must have seen it"
    )
    assert pod["terminationGracePeriodSeconds"] >= drain_s + 12 + 20, "drain, a turn, the engines"
    assert (
        found["spec"]["selector"]["matchLabels"].items()
        <= found["spec"]["template"]["metadata"]["labels"].items()
    )


def exported() -> set[str]:
    """Names of the figures with the endings that Prometheus knows them by."""
    metrics = Metrics()
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    return {
        f"{one.name}{end}"
        for registry in (metrics.registry, metrics.of_turns)
        for one in registry.collect()
        for end in ends[one.type]
    }


BOARD = json.loads((DEPLOY / "watch" / "board.json").read_text(encoding="utf-8"))
ALARMS = documents(DEPLOY / "watch" / "alarms.yml")[0]["groups"][0]["rules"]
EXPRESSIONS = [
    *[(one["alert"], one["expr"]) for one in ALARMS],
    *[(panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel["targets"]],
]


@pytest.mark.parametrize(("name", "expression"), EXPRESSIONS, ids=[name for name, _ in EXPRESSIONS])
def test_figures_that_are_asked_for_are_exported(name: str, expression: str) -> None:
    asked = set(re.findall(r"\bteman_lapor_\w+", expression))
    assert asked <= exported()
    assert asked or "up{" in expression
    assert expression.count("(") == expression.count(")") and expression.count("{") == expression.count("}")


def test_every_figure_is_on_the_board() -> None:
    asked = {word for _, expression in EXPRESSIONS for word in re.findall(r"\bteman_lapor_\w+", expression)}
    families = {re.sub(r"_(?:total|bucket|count|sum)$", "", one) for one in exported()}
    assert families == {re.sub(r"_(?:total|bucket|count|sum)$", "", one) for one in asked}


def test_every_alarm_has_a_runbook() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for rule in ALARMS:
        path, _, heading = rule["annotations"]["runbook"].partition("#")
        assert (ROOT / path).is_file() and heading in headings, heading
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_board_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken and place["x"] + place["w"] <= 24
        taken |= cells
