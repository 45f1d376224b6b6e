"""Single sentences said in a web chat, one citizen each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import httpx

from backend.app import Product


async def say(product: Product, texts: Sequence[str]) -> None:
    """Each text in a web chat of its own, one citizen each, until it is answered."""
    for text in texts:
        async with httpx.AsyncClient(base_url=f"http://localhost:{product.port}", timeout=30) as http:
            (await http.post("/api/web/session")).raise_for_status()
            sent = await http.post(
                "/api/web/messages", json={"client_id": secrets.token_hex(12), "text": text}
            )
            seq = sent.raise_for_status().json()["seq"]
            events: list[object] = []
            while not events:
                answer = await http.get(
                    "/api/web/events",
                    params={"after": seq, "wait": 10},
                    headers={"Accept": "application/json"},
                )
                events = answer.raise_for_status().json()["events"]
