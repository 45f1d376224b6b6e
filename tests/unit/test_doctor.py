"""Every finding of the doctor on an installation that has just this wrong."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from backend import doctor
from backend.doctor import Finding, Verdict, commit
from backend.persistence import keys
from backend.persistence.pulse import Pulse, Queue
from backend.settings import Settings

Usage = namedtuple("Usage", "total used free")


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, data=folder, models=folder / "models", **more)


def signed_model(folder: Path, key: bytes) -> None:
    (folder / "models").mkdir()
    archive = folder / "models" / "teman-lapor-1.tar.gz"
    archive.write_bytes(b"a model")
    digest = hmac.new(key.hex().encode(), b"a model", hashlib.sha256).hexdigest()
    archive.with_name(archive.name + ".sig").write_text(digest + "\n")


def test_a_fresh_machine_lacks_a_model(tmp_path: Path) -> None:
    found = doctor.trained_model(settings(tmp_path))
    assert (found.verdict, found.todo) == (Verdict.BAD, "run `make train`")


def test_a_model_signed_here_is_good_and_anothers_is_not(tmp_path: Path) -> None:
    signed_model(tmp_path, keys.load_or_make(tmp_path).model_key)
    assert doctor.trained_model(settings(tmp_path)).verdict is Verdict.GOOD
    next((tmp_path / "models").glob("*.tar.gz")).write_bytes(b"another")
    assert doctor.trained_model(settings(tmp_path)).verdict is Verdict.BAD


def test_keys_that_others_can_read_are_wrong(tmp_path: Path) -> None:
    assert doctor.key_file(settings(tmp_path)).verdict is Verdict.DOUBTFUL
    keys.load_or_make(tmp_path)
    assert doctor.key_file(settings(tmp_path)).verdict is Verdict.GOOD
    keys.key_file(tmp_path).chmod(0o644)
    assert doctor.key_file(settings(tmp_path)).verdict is Verdict.BAD


@pytest.mark.parametrize(
    ("free_gb", "verdict"), [(0.5, Verdict.BAD), (3, Verdict.DOUBTFUL), (50, Verdict.GOOD)]
)
def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_gb: float, verdict: Verdict) -> None:
    usage = Usage(100, 0, int(free_gb * doctor.GIGABYTE))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert doctor.disk(tmp_path / "not" / "there").verdict is verdict


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({}, {"address", "proxy"}),
        ({"public_url": "https://lapor.example"}, {"proxy"}),
        ({"public_url": "https://lapor.example", "proxies": 1}, set()),
        ({"public_url": "https://lapor.example", "host": "0.0.0.0"}, set()),  # noqa: S104
    ],
)
def test_production_needs_https_and_its_proxy(tmp_path: Path, more: dict[str, Any], wrong: set[str]) -> None:
    found = doctor.public_settings(settings(tmp_path, environment="production", **more))
    assert {one.what for one in found if one.verdict is Verdict.BAD} == wrong


def test_somebody_who_waits_is_a_finding_and_an_empty_queue_is_not() -> None:
    assert [one.verdict for one in doctor.of_pulse(Pulse(inbox={"web": Queue(1, 3.0)}))] == [Verdict.GOOD]
    pulse = Pulse(
        inbox={"web": Queue(4, 90.0)},
        outbox={"whatsapp": Queue(1, 61.0)},
        dead={"turn": 2},
        alarms=("token",),
    )
    assert [one.what for one in doctor.of_pulse(pulse)] == [
        "inbox web",
        "outbox whatsapp",
        "given up: turn",
        "alarm",
    ]


def test_what_is_wrong_says_what_to_do(tmp_path: Path) -> None:
    found: list[Finding] = [
        *doctor.public_settings(settings(tmp_path, environment="production")),
        doctor.interpreter(settings(tmp_path, bot_python=tmp_path / "python")),
        doctor.trained_model(settings(tmp_path)),
        *doctor.of_pulse(Pulse(dead={"turn": 1})),
    ]
    assert all(one.todo for one in found if one.verdict is not Verdict.GOOD)


async def test_a_machine_where_nothing_was_started_is_left_as_it_is(tmp_path: Path) -> None:
    found = {one.what: one.verdict for one in await doctor.examine(settings(tmp_path, port=1))}
    assert (found["database"], found["product"]) == (Verdict.DOUBTFUL, Verdict.DOUBTFUL)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("took_s", "verdict"), [(0.01, Verdict.GOOD), (0.8, Verdict.DOUBTFUL), (6.0, Verdict.BAD)]
)
def test_a_slow_commit_is_told(took_s: float, verdict: Verdict) -> None:
    found = commit(took_s)
    assert found.verdict is verdict
    assert bool(found.todo) is (verdict is not Verdict.GOOD)
