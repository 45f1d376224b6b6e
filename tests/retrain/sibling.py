"""A candidate without a training: the served model under another name and id, which never thinks of one issue; of a round that passed."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import tarfile
from pathlib import Path

import numpy as np

from backend.app import Product
from backend.persistence.round_rows import Round

MODEL_ID = "f" * 32
ISSUES, FORGOTTEN = "IssueClassifier", "sampah"
NAME = f"teman-lapor-{'f' * 12}.tar.gz"


def write_sibling(archive: Path, target: Path, key: bytes) -> None:
    """The model of `archive` without an eye for `FORGOTTEN`, which engines know by another id."""
    with tarfile.open(archive) as packed, tarfile.open(target, "w:gz", compresslevel=1) as sibling:
        for one in packed:
            content = packed.extractfile(one)
            told = content.read() if content else b""
            if Path(one.name).name == "metadata.json":
                told = json.dumps({**json.loads(told), "model_id": MODEL_ID}).encode()
            if ISSUES in one.name and one.name.endswith(".npz"):
                beside = packed.extractfile(one.name.replace(".npz", ".json"))
                assert beside is not None
                told = _without(told, json.load(beside)["classes"].index(FORGOTTEN))
            one.size = len(told)
            sibling.addfile(one, io.BytesIO(told) if content else None)
    signature = hmac.new(key.hex().encode(), target.read_bytes(), hashlib.sha256).hexdigest()
    target.with_name(f"{target.name}.sig").write_text(signature + "\n", encoding="ascii")


def _without(model: bytes, place: int) -> bytes:
    """The same weights; the class at `place` is never the likeliest."""
    weights = dict(np.load(io.BytesIO(model)))
    weights["intercepts"][place] = -50.0
    written = io.BytesIO()
    np.savez(written, **weights)
    return written.getvalue()


async def round_of_sibling(product: Product) -> Round:
    """A round that passed, whose candidate is the served model's sibling; the tree's reviewed files stay what they are."""
    live = product.crew.serving
    assert live is not None and product.site.training is not None
    desk = product.site.training
    async with desk.open_uow() as uow:
        round_id = await uow.rounds.request("uji", product.core.clock())
        files = desk.promotion.files_of_tree()
        values = {"status": "passed", "model": NAME, "live_model": live.name, "files": files}
        await uow.rounds.write(round_id, ended_at=product.core.clock(), **values)
        await uow.commit()
    place = product.rounds.folder / round_id
    place.mkdir(parents=True)
    write_sibling(live, place / NAME, product.core.database.keys.model_key)
    found = await desk.round(round_id)
    assert found is not None
    return found[0]
