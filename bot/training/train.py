"""`python -m bot train`: from `bot/data`, `config.yml` and `domain.yml` to one signed model archive."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import warnings
from pathlib import Path

from bot.engine import logs
from bot.engine.signature import SignatureWrong, sign_model, signature_path, verify_model
from bot.training import progress

ROOT = Path(__file__).resolve().parent.parent.parent
# What a model is made of: if none of these changed, neither did the model.
MADE_OF = ("config.yml", "domain.yml", "bot/data", "bot/components", "bot/training")
LAST_WORDS = 4000


class TrainingFailed(Exception):
    """Rasa made no model; the message says how it ended."""


def train(out: Path, key: str | None, *, only_if_missing: bool, root: Path = ROOT) -> Path:
    """Train into the folder `out`, sign with `key` if there is one; returns the archive.

    The name is a digest of everything the model is made of, so the same data give the same name.

    Raises:
        TrainingFailed: there is no model now that was not there before.
    """
    name = model_name(root)
    archive = out / f"{name}.tar.gz"
    if only_if_missing and archive.is_file() and _is_trusted(archive, key):
        progress.tell(f"{archive.name} is there and made of these data")
        return archive
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".training-") as folder:
        made = _made_by_rasa(Path(folder), name, root)
        if key:
            # Both replace what an earlier training of the same data left.
            sign_model(made, key).replace(signature_path(archive))
        made.replace(archive)
    progress.tell(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")
    return archive


def model_name(root: Path = ROOT) -> str:
    """`teman-lapor-` and twelve hex digits."""
    digest = hashlib.sha256()
    for top in MADE_OF:
        path = root / top
        for file in sorted([path, *path.rglob("*")]):
            if file.is_file() and file.suffix in {".yml", ".csv", ".txt", ".json", ".py"}:
                digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"teman-lapor-{digest.hexdigest()[:12]}"


def _is_trusted(archive: Path, key: str | None) -> bool:
    if not key:
        return True
    try:
        verify_model(archive, key)
    except SignatureWrong:
        return False
    return True


def _made_by_rasa(folder: Path, name: str, root: Path) -> Path:
    progress.tell("loading Rasa")
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", TQDM_DISABLE="1")
    # Rasa keeps intermediate results in .rasa of the working folder unless told otherwise.
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    warnings.simplefilter("ignore")
    import rasa

    # What Rasa prints is progress bars and warnings about itself; it is shown when there is no model.
    said = io.StringIO()
    logs.configure(stream=said)
    progress.tell("reading the training data")
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        result = rasa.train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=str(root / "bot" / "data"),
            output=str(folder),
            fixed_model_name=name,
            force_training=True,
        )
    if result.code != 0 or not result.model:
        raise TrainingFailed(f"rasa train ended with {result.code}\n{said.getvalue()[-LAST_WORDS:]}")
    progress.tell("rules learnt, archive written")
    return Path(result.model)
