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
from backend.persistence.keys import key_file
from backend.settings import Settings, described
from backend.web import urls
from backend.web.metrics import Metrics
from backend.web.public import ROOM_FOR_FORM
from backend.web.public_pages import DATABASE_S
from backend.web.uploads import LARGEST_FILE
from backend.workshop import LAST_COMMIT_S

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


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_one_port_everywhere() -> None:
    """Whoever changes the port of the settings is told which files name it."""
    port = str(Settings.model_fields["port"].default)
    named = {
        "Dockerfile": r"^EXPOSE (\d+)",
        "Caddyfile": r"reverse_proxy 127\.0\.0\.1:(\d+)",
        "Caddyfile.hosts": r"host-[ab]:(\d+)",
        "nginx.conf": r"server 127\.0\.0\.1:(\d+)",
        "compose.yml": r"127\.0\.0\.1:(\d+)",
        "kubernetes/teman-lapor.yml": r"(?:containerPort: |prometheus\.io/port: \")(\d+)",
    }
    for name, pattern in named.items():
        assert set(re.findall(pattern, text_of(name), re.MULTILINE)) == {port}, name


def test_proxies_let_the_largest_file_through_and_hold_no_stream_back() -> None:
    for name, pattern in {
        "Caddyfile": r"max_size (\d+)MB",
        "Caddyfile.hosts": r"max_size (\d+)MB",
        "nginx.conf": r"client_max_body_size (\d+)m",
        "kubernetes/teman-lapor.yml": r"proxy-body-size: (\d+)m",
    }.items():
        (limit,) = re.findall(pattern, text_of(name))
        assert int(limit) * 1000 * 1000 >= LARGEST_FILE + ROOM_FOR_FORM, name
    assert f"location = {urls.API}/events" in text_of("nginx.conf")
    assert "proxy_buffering off" in text_of("nginx.conf")
    assert all("flush_interval -1" in text_of(name) for name in ("Caddyfile", "Caddyfile.hosts"))


def test_probes_wait_longer_than_the_database_is_waited_for() -> None:
    """A probe that gives up before `/readyz` says no would take a host out that only has to say it."""
    (pod,) = [
        one["spec"]["template"]["spec"]
        for one in documents(DEPLOY / "kubernetes" / "teman-lapor.yml")
        if one["kind"] == "StatefulSet"
    ]
    container = pod["containers"][0]
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["timeoutSeconds"] > DATABASE_S
        assert container[probe]["httpGet"]["port"] == container["ports"][0]["name"]
    (health_timeout,) = re.findall(r"health_timeout (\d+)s", text_of("Caddyfile.hosts"))
    assert int(health_timeout) > DATABASE_S


def test_what_is_mounted_is_there() -> None:
    """Every volume that a container mounts is declared, and every file of ours that is mounted exists."""
    (compose,) = documents(DEPLOY / "compose.yml")
    for service in compose["services"].values():
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith(".") else source in compose["volumes"]
    (stateful,) = [
        one for one in documents(DEPLOY / "kubernetes" / "teman-lapor.yml") if one["kind"] == "StatefulSet"
    ]
    pod = stateful["spec"]["template"]["spec"]
    declared = {one["name"] for one in pod["volumes"]}
    declared |= {one["metadata"]["name"] for one in stateful["spec"]["volumeClaimTemplates"]}
    containers = [*pod["initContainers"], *pod["containers"]]
    assert {mount["name"] for one in containers for mount in one["volumeMounts"]} == declared


def test_keys_are_put_where_they_are_read() -> None:
    (args,) = re.findall(r"args: \[\"(.+)\"\]", text_of("kubernetes/teman-lapor.yml"))
    assert args.endswith(str(key_file(Path("/data"))))
    assert "TEMAN_LAPOR_DATA=/data" in text_of("Dockerfile")
    data = re.search(r"^TEMAN_LAPOR_DATA=(\S+)", text_of("teman-lapor.env"), re.MULTILINE)
    state = re.search(r"^StateDirectory=(\S+)", text_of("teman-lapor.service"), re.MULTILINE)
    assert data and state and data[1] == f"/var/lib/{state[1]}"


def test_the_nightly_dump_has_a_folder_of_its_own() -> None:
    """Into a folder each night a file of its own is written, and old ones are dropped; a name that is none would be one file."""
    unit = text_of("teman-lapor-backup.service")
    target = re.search(r"^ExecStart=.+ backup (\S+)$", unit, re.MULTILINE)
    user = re.search(r"^User=(\S+)$", unit, re.MULTILINE)
    assert target and user
    made = f"ExecStartPre=+/usr/bin/install -d -m 0700 -o {user[1]} -g {user[1]} {target[1]}"
    assert made in unit.splitlines()


def test_units_and_docs_name_the_same_files() -> None:
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for unit in DEPLOY.glob("*.service"):
        lines = unit.read_text(encoding="utf-8").splitlines()
        for name in ("WorkingDirectory", "EnvironmentFile", "User"):
            (value,) = [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]
            assert value in told, f"{unit.name}: {name}"


def test_a_stop_is_waited_for() -> None:
    """As long as turns and engines may take after the drain, in units and in compose."""
    (unit_s,) = re.findall(r"^TimeoutStopSec=(\d+)$", text_of("teman-lapor.service"), re.MULTILINE)
    (grace_s,) = re.findall(r"stop_grace_period: (\d+)s", text_of("compose.yml"))
    (drain_s,) = re.findall(r"TEMAN_LAPOR_DRAIN_S: \"(\d+)\"", text_of("compose.yml"))
    turn_s = Settings.model_fields["engine_timeout_s"].default + LAST_COMMIT_S
    assert int(unit_s) >= turn_s + 20 and int(grace_s) >= int(drain_s) + turn_s + 20
