"""Our importer gives Rasa the same examples as Rasa's own reader would."""

import copy
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter

from bot.training.data import examples
from bot.training.importing import ExampleImporter

FILES = """version: "3.1"
nlu:
- intent: keluhan/lampu_jalan
  examples: |
    - lampu jalan mati
    - pju depan [sd 004](place) padam
- intent: salam
  examples: |
    - halo min
"""


def read_by(importer: type[RasaFileImporter], folder: Path) -> list[tuple[str, str, str]]:
    examples = importer(training_data_paths=[str(folder)]).get_nlu_data("id").intent_examples
    return [(one.get("text"), one.get("intent"), one.get_full_intent()) for one in examples]


def test_the_examples_are_those_of_rasas_reader(tmp_path: Path) -> None:
    (tmp_path / "some.yml").write_text(FILES)
    ours = read_by(ExampleImporter, tmp_path)
    assert ours == read_by(RasaFileImporter, tmp_path)
    assert ours[1] == ("pju depan sd 004 padam", "keluhan", "keluhan/lampu_jalan")


def test_a_copy_of_a_message_can_be_changed_alone(tmp_path: Path) -> None:
    (tmp_path / "some.yml").write_text(FILES)
    message = ExampleImporter(training_data_paths=[str(tmp_path)]).get_nlu_data().intent_examples[0]
    other = copy.deepcopy(message)
    other.set("text", "lain")
    assert message.get("text") == "lampu jalan mati"
    assert message.fingerprint() != other.fingerprint()


def test_what_the_bot_says_comes_along(tmp_path: Path) -> None:
    (tmp_path / "some.yml").write_text(FILES)
    (tmp_path / "said.yml").write_text('version: "3.1"\n\nresponses:\n  utter_halo:\n    - text: "Halo."\n')
    responses = ExampleImporter(training_data_paths=[str(tmp_path)]).get_nlu_data().responses
    assert responses == {"utter_halo": [{"text": "Halo."}]}


def test_reviewed_sentences_come_last_so_that_the_noise_of_the_others_stays(tmp_path: Path) -> None:
    for folder, name, text in (
        ("issues", "a.yml", "satu"),
        ("issues", "reviewed.yml", "dua"),
        ("nlu", "z.yml", "tiga"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        block = f'version: "3.1"\nnlu:\n- intent: salam\n  examples: |\n    - {text}\n'
        (tmp_path / folder / name).write_text(block)
    assert [text for text, _, _ in read_by(ExampleImporter, tmp_path)] == ["satu", "tiga", "dua"]
    assert [one.text for one in examples(tmp_path)] == ["satu", "tiga", "dua"]
