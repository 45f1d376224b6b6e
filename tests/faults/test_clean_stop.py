"""SIGTERM while people write, wait and listen: everything ends in peace, and the log tells of no error that was none."""

from __future__ import annotations

import re
import threading
import time

import httpx
import pytest

from tests.support.product import Citizen, Running

pytestmark = [pytest.mark.slow, pytest.mark.database]

N_WRITING, N_LISTENING = 4, 4
LOAD_S = 6.0
STOP_WITHIN_S = 120.0
# What a person who reads the log after a stop must not be frightened by.
NOISE = re.compile(r"Traceback|CancelledError|exception was never retrieved|was destroyed but it is pending")


def writing(running: Running, stop: threading.Event) -> None:
    """One message after the other; a refusal of a door that closes is none of ours."""
    citizen = Citizen(running)
    number = 0
    while not stop.is_set():
        number += 1
        try:
            if not citizen.http.cookies:
                citizen.http.post("/api/web/session")
            sent = {
                "client_id": f"{threading.get_ident():012x}"[-12:] + f"{number:012d}",
                "text": "lampu mati",
            }
            citizen.http.post("/api/web/messages", json=sent)
            citizen.http.get("/api/web/events", params={"after": 0, "wait": 2})
        except httpx.HTTPError:
            time.sleep(0.1)
        time.sleep(1.0)


def listening(running: Running, stop: threading.Event) -> None:
    """A browser with the stream of its talk open."""
    with httpx.Client(base_url=running.url, timeout=60) as browser:
        try:
            browser.post("/api/web/session")
            with browser.stream("GET", "/api/web/events", headers={"Accept": "text/event-stream"}) as stream:
                for _ in stream.iter_raw():
                    if stop.is_set():
                        return
        except httpx.HTTPError:
            return


@pytest.mark.timeout(900)
def test_a_stop_under_load_is_quiet() -> None:
    running, stop = Running(scripted=True, ready_within_s=600), threading.Event()
    crowd = [
        threading.Thread(target=one, args=(running, stop))
        for one, n in ((writing, N_WRITING), (listening, N_LISTENING))
        for _ in range(n)
    ]
    running.start()
    for one in crowd:
        one.start()
    try:
        time.sleep(LOAD_S)
        assert running.process is not None
        running.process.terminate()
        assert running.process.wait(STOP_WITHIN_S) == 0
        assert not list(running.processes(b"workshop"))
        assert not list(running.processes(b"tests.support.engine_process"))
        told = running.log()
        found = NOISE.search(told)
        assert not found, told[max(0, found.start() - 1500) : found.start() + 5000]
    finally:
        stop.set()
        running.stop()
        for one in crowd:
            one.join()
