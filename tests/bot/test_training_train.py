"""A training leaves one archive with its signature, whatever an earlier one of the same data left behind."""

from pathlib import Path

import pytest

from bot.engine.signature import SignatureWrong, signature_path, verify_model
from bot.training import train as training


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for Rasa; the contents of the archives it made."""
    made: list[str] = []

    def made_by_rasa(folder: Path, name: str, root: Path) -> Path:
        archive = folder / f"{name}.tar.gz"
        made.append(f"model {len(made)}")
        archive.write_text(made[-1])
        return archive

    monkeypatch.setattr(training, "_made_by_rasa", made_by_rasa)
    return made


def test_training_again_replaces_archive_and_signature(tmp_path: Path, trained: list[str]) -> None:
    first = training.train(tmp_path, "key", only_if_missing=False)
    second = training.train(tmp_path, "another key", only_if_missing=False)
    assert first == second and second.read_text() == "model 1"
    verify_model(second, "another key")
    assert sorted(tmp_path.iterdir()) == sorted([second, signature_path(second)])


def test_a_model_of_the_same_data_is_not_trained_twice(tmp_path: Path, trained: list[str]) -> None:
    archive = training.train(tmp_path, "key", only_if_missing=True)
    assert training.train(tmp_path, "key", only_if_missing=True) == archive
    assert trained == ["model 0"]


def test_a_model_signed_with_another_key_is_trained_anew(tmp_path: Path, trained: list[str]) -> None:
    archive = training.train(tmp_path, "old key", only_if_missing=True)
    training.train(tmp_path, "key", only_if_missing=True)
    assert trained == ["model 0", "model 1"]
    with pytest.raises(SignatureWrong):
        verify_model(archive, "old key")
