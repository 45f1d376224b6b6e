"""A model archive is code: it is signed when it is trained and checked before it is loaded."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

BLOCK = 1 << 20


class SignatureWrong(Exception):
    """The model is not signed, or was changed after it was signed."""


def signature_path(model: Path) -> Path:
    """`<model>.sig`, beside the archive."""
    return model.with_name(model.name + ".sig")


def sign_model(model: Path, key: str) -> Path:
    """Write the HMAC-SHA256 of the archive, in hex, beside it; returns the signature's path."""
    path = signature_path(model)
    path.write_text(_digest(model, key) + "\n", encoding="ascii")
    return path


def verify_model(model: Path, key: str) -> None:
    """Do nothing if the archive is as it was signed with `key`.

    Raises:
        SignatureWrong: no signature, or another one.
    """
    path = signature_path(model)
    if not path.is_file():
        raise SignatureWrong(f"{model.name} is not signed")
    if not hmac.compare_digest(path.read_bytes().strip(), _digest(model, key).encode("ascii")):
        raise SignatureWrong(f"the signature of {model.name} does not fit")


def _digest(model: Path, key: str) -> str:
    code = hmac.new(key.encode("utf-8"), digestmod=hashlib.sha256)
    with model.open("rb") as archive:
        while block := archive.read(BLOCK):
            code.update(block)
    return code.hexdigest()
