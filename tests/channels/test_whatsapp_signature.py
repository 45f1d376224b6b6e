"""Forged and mutated signatures: none is accepted. Genuine ones are, under every secret of a rotation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Iterator

import pytest

from backend.channels.whatsapp.signature import challenge, is_genuine, signature
from tests.fake_meta.webhooks import signed, wire

SECRETS = ["rahasia-baru", "rahasia-lama"]
BODY = wire({"object": "whatsapp_business_account", "entry": [{"teks": "jalan é 🙏 a/b"}]})
GENUINE = signed(BODY, SECRETS[0])["X-Hub-Signature-256"]


def test_genuine_ones_are_accepted() -> None:
    assert rb"\u00e9" in BODY and rb"\/" in BODY
    for secret in SECRETS:
        assert is_genuine(BODY, signed(BODY, secret)["X-Hub-Signature-256"], SECRETS)


def forgeries() -> Iterator[tuple[bytes, str | None]]:
    """300 of them: other bodies, other secrets, other algorithms, other writings."""
    chance = random.Random(300)  # noqa: S311
    for _ in range(120):
        place = chance.randrange(len(BODY))
        yield BODY[:place] + bytes([BODY[place] ^ (1 << chance.randrange(8))]) + BODY[place + 1 :], GENUINE
    for _ in range(80):
        place = chance.randrange(7, len(GENUINE))
        other = chance.choice([one for one in "0123456789abcdef" if one != GENUINE[place]])
        yield BODY, GENUINE[:place] + other + GENUINE[place + 1 :]
    for n in range(40):
        yield BODY, signature(BODY, f"tebakan-{n}")
    for cut in range(20):
        yield BODY, GENUINE[: len(GENUINE) - 1 - cut]
    for extra in (b" ", b"\n", b"\x00", b"{}", BODY):
        yield BODY + extra, GENUINE
        yield extra + BODY, GENUINE
    text = BODY.decode("ascii")
    yield json.dumps(json.loads(BODY), ensure_ascii=False).encode(), GENUINE
    yield text.replace("\\/", "/").encode(), GENUINE
    yield from ((BODY, header) for header in odd_headers())


def odd_headers() -> Iterator[str | None]:
    secret = SECRETS[0].encode()
    digest = hmac.new(secret, BODY, hashlib.sha256)
    yield from (None, "", "sha256=", "sha256", "=", "null", "sha256=" + "0" * 64, "sha256=" + "é" * 64)
    yield from (
        GENUINE.upper(),
        GENUINE.replace("sha256=", ""),
        GENUINE.replace("sha256", "sha1"),
        f" {GENUINE}",
    )
    yield from (f"{GENUINE} ", f"{GENUINE},{GENUINE}", GENUINE.replace("=", ":"), f"sha256={GENUINE}")
    yield "sha256=" + base64.b64encode(digest.digest()).decode()
    yield "sha1=" + hmac.new(secret, BODY, hashlib.sha1).hexdigest()
    yield "sha256=" + hashlib.sha256(BODY).hexdigest()
    yield "sha256=" + hashlib.sha256(secret + BODY).hexdigest()
    yield "sha256=" + hmac.new(BODY, secret, hashlib.sha256).hexdigest()
    yield "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    yield signature(b"", SECRETS[0])
    yield GENUINE.replace("a", "\u0430")
    yield "sha256=" + "".join(reversed(GENUINE[7:]))
    yield GENUINE + "\x00"
    yield GENUINE[:7] + GENUINE[7:].upper() if GENUINE[7:].upper() != GENUINE[7:] else "sha256=X"
    yield "sha512=" + hmac.new(secret, BODY, hashlib.sha512).hexdigest()


def test_300_forgeries_are_refused() -> None:
    tried = list(forgeries())
    assert len(tried) >= 300
    assert [one for one in tried if is_genuine(*one, SECRETS)] == []


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_genuine(secrets: list[str]) -> None:
    assert not is_genuine(BODY, signature(BODY, ""), secrets)


def test_the_handshake_needs_the_token() -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "kata"}
    assert challenge(asked, "kata") == "1158201444"
    for wrong in (
        {**asked, "hub.verify_token": "Kata"},
        {**asked, "hub.mode": "x"},
        {"hub.challenge": "1"},
        {},
    ):
        assert challenge(wrong, "kata") is None
    assert challenge({**asked, "hub.verify_token": ""}, "") is None
