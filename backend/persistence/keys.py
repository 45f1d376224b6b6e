"""The key file `<data>/secrets/keys.json`: made at first start, 0600, never in the database, never in a backup of it.

LOSING IT LOSES EVERYTHING IT PROTECTS. `code_pepper` turns a tracking code into what the database stores: without it
every code ever given out is dead, for good. `wrapping_keys` open the text of every case. So `python -m backend
backup-keys` belongs to the first hour of an installation, and its file to another place than the database's backup.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.persistence.errors import KeysRefused
from backend.persistence.sealing import KEY_BYTES, Vault

SINGLE_KEYS = ("code_pepper", "identifier_key", "engine_secret", "cookie_key", "audit_key", "model_key")


@dataclass(frozen=True)
class Keys:
    """Every secret of an installation; 32 random bytes each."""

    code_pepper: bytes = field(repr=False)
    identifier_key: bytes = field(repr=False)
    engine_secret: bytes = field(repr=False)
    cookie_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    model_key: bytes = field(repr=False)
    wrapping_keys: Mapping[int, bytes] = field(repr=False)

    @property
    def vault(self) -> Vault:
        return Vault(
            wrapping_keys=self.wrapping_keys,
            identifier_key=self.identifier_key,
            code_pepper=self.code_pepper,
            audit_key=self.audit_key,
        )

    def written(self) -> str:
        """The file's text."""
        values: dict[str, Any] = {name: _encode(getattr(self, name)) for name in SINGLE_KEYS}
        values["wrapping_keys"] = {
            str(version): _encode(key) for version, key in sorted(self.wrapping_keys.items())
        }
        return json.dumps(values, indent=1) + "\n"

    def with_new_wrapping_key(self) -> Keys:
        """New data keys are wrapped by one version more; the old versions still open what they wrapped."""
        version = max(self.wrapping_keys) + 1
        wrapping = {**self.wrapping_keys, version: secrets.token_bytes(KEY_BYTES)}
        return Keys(**{name: getattr(self, name) for name in SINGLE_KEYS}, wrapping_keys=wrapping)

    def with_only(self, versions: Set[int]) -> Keys:
        """Other wrapping keys are forgotten: what they wrapped, also in old dumps, is lost for good."""
        kept = {version: key for version, key in self.wrapping_keys.items() if version in versions}
        return Keys(**{name: getattr(self, name) for name in SINGLE_KEYS}, wrapping_keys=kept)


def new_keys() -> Keys:
    """Fresh random keys. The pepper made here must be kept for as long as any tracking code shall work."""
    return Keys(
        **{name: secrets.token_bytes(KEY_BYTES) for name in SINGLE_KEYS},
        wrapping_keys={1: secrets.token_bytes(KEY_BYTES)},
    )


def key_file(data: Path) -> Path:
    return data / "secrets" / "keys.json"


def load_or_make(data: Path) -> Keys:
    """The keys of a data folder; a new file at the first start.

    Raises:
        KeysRefused: others can read the file, or it is damaged.
    """
    path = key_file(data)
    if not path.exists():
        store(new_keys(), path, replace=False)
    return load(path)


def load(path: Path) -> Keys:
    """Raises KeysRefused when the file is missing, can be read by others, or is damaged."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as failure:
        raise KeysRefused(f"{path} is missing: bring it back from the key backup (`restore`)") from failure
    if stat.S_IMODE(mode) & 0o077:
        raise KeysRefused(f"{path} can be read by others: chmod 600 it, and consider the keys known")
    return parse(text, str(path))


def parse(text: str, source: str) -> Keys:
    """Raises KeysRefused when a key is missing or is not 32 bytes."""
    try:
        values = json.loads(text)
        single = {name: _decode(values[name]) for name in SINGLE_KEYS}
        wrapping = {int(version): _decode(key) for version, key in values["wrapping_keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise KeysRefused(f"{source} is damaged: {type(failure).__name__}") from failure
    if not wrapping:
        raise KeysRefused(f"{source} is damaged: no wrapping key")
    return Keys(**single, wrapping_keys=wrapping)


def store(keys: Keys, path: Path, *, replace: bool) -> None:
    """Write the file at once or not at all, on the disk before we go on; two first starts agree on one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(keys.written())
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its keys are the installation's
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _encode(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def _decode(text: str) -> bytes:
    key = base64.urlsafe_b64decode(text)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
