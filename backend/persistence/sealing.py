"""Encryption at rest: AES-256-GCM under a data key per conversation and per case, itself wrapped by a key outside the
database. Destroying the wrapped data key destroys everything it sealed, also in log files and backups that survive.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.persistence.errors import KeysRefused, SealBroken

FORMAT = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
SHORTEST_INDEXED_WORD = 3
INDEX_BYTES = 8


@dataclass(frozen=True)
class WrappedKey:
    """A data key as the database keeps it: useless without the wrapping key of that version."""

    version: int
    wrapped: bytes


@dataclass(frozen=True)
class Sealer:
    """Seals and opens values with one data key. `about` names the row and column, so that no value can be moved."""

    key: bytes = field(repr=False)

    def seal(self, plain: bytes, about: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return FORMAT + nonce + AESGCM(self.key).encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Raises SealBroken when the value was changed or was sealed for another row."""
        if sealed[:1] != FORMAT:
            raise SealBroken(f"{about}: unknown format")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return AESGCM(self.key).decrypt(nonce, body, about.encode())
        except InvalidTag as failure:
            raise SealBroken(about) from failure

    def seal_json(self, value: Any, about: str) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), about)

    def open_json(self, sealed: bytes, about: str) -> Any:
        return json.loads(self.open(sealed, about))

    def seal_text(self, value: str | None, about: str) -> bytes | None:
        return None if value is None else self.seal(value.encode(), about)

    def open_text(self, sealed: bytes | None, about: str) -> str | None:
        return None if sealed is None else self.open(sealed, about).decode()


@dataclass(frozen=True)
class Vault:
    """Everything secret the persistence layer uses; made from the key file, never stored."""

    wrapping_keys: Mapping[int, bytes] = field(repr=False)
    identifier_key: bytes = field(repr=False)
    code_pepper: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)

    def new_key(self, owner: str) -> tuple[Sealer, WrappedKey]:
        """A fresh data key and its wrapped form for the row `owner`, e.g. `case:<id>`."""
        key = secrets.token_bytes(KEY_BYTES)
        version = max(self.wrapping_keys)
        return Sealer(key), WrappedKey(version, Sealer(self.wrapping_keys[version]).seal(key, owner))

    def unwrap(self, wrapped: WrappedKey, owner: str) -> Sealer:
        """Raises KeysRefused when the wrapping key of that version is not in the key file."""
        if wrapped.version not in self.wrapping_keys:
            raise KeysRefused(f"wrapping key {wrapped.version} is missing from the key file")
        return Sealer(Sealer(self.wrapping_keys[wrapped.version]).open(wrapped.wrapped, owner))

    def rewrap(self, wrapped: WrappedKey, owner: str) -> WrappedKey:
        """The same data key under the newest wrapping key."""
        key = self.unwrap(wrapped, owner).key
        version = max(self.wrapping_keys)
        return WrappedKey(version, Sealer(self.wrapping_keys[version]).seal(key, owner))

    def identifier(self, kind: str, value: str) -> bytes:
        """HMAC of a phone number, session, address or foreign message id: compared, never turned back."""
        return hmac.digest(self.identifier_key, f"{kind}\0{value}".encode(), hashlib.sha256)

    def digest(self, code: str) -> bytes:
        """HMAC of a tracking code's 20 digits under the pepper."""
        return hmac.digest(self.code_pepper, code.encode(), hashlib.sha256)

    def audit(self, previous: bytes, entry: bytes) -> bytes:
        """The next link of a keyed hash chain."""
        return hmac.digest(self.audit_key, previous + hashlib.sha256(entry).digest(), hashlib.sha256)

    def stamp(self, text: str) -> str:
        """Hex HMAC of a receipt's text under the audit key: shows later that we wrote it."""
        return hmac.digest(self.audit_key, b"receipt\0" + text.encode(), hashlib.sha256).hex()

    def webhook_secret(self, target_id: str) -> bytes:
        """32 bytes that a target checks our signatures with; derived, so that none is stored."""
        return hmac.digest(self.identifier_key, b"webhook\0" + target_id.encode(), hashlib.sha256)

    def words(self, text: str) -> list[bytes]:
        """Blind index of a text: one short HMAC for each distinct normalised word, in no telling order."""
        key = hmac.digest(self.identifier_key, b"blind index", hashlib.sha256)
        return sorted(
            {hmac.digest(key, word.encode(), hashlib.sha256)[:INDEX_BYTES] for word in normalised_words(text)}
        )

    def fingerprint(self) -> bytes:
        """Tells whether a database was written with these keys, and tells nothing about them."""
        return hmac.digest(self.code_pepper, b"fingerprint" + self.identifier_key, hashlib.sha256)


def normalised_words(text: str) -> set[str]:
    """Lower-case words of at least three letters or digits, accents folded."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return {word for word in re.findall(r"[a-z0-9]+", plain) if len(word) >= SHORTEST_INDEXED_WORD}
