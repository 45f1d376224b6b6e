"""Trains the small project into a folder."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent


def train_into(folder: Path) -> Path:
    """Path of the trained archive."""
    import rasa

    result = rasa.train(
        domain=str(HERE / "domain.yml"),
        config=str(HERE / "config.yml"),
        training_files=str(HERE / "data"),
        output=str(folder),
        force_training=True,
    )
    assert result.code == 0 and result.model
    return Path(result.model)
