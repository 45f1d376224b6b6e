"""The linear models: the same scores as scikit-learn's, kept through a file, honest thresholds, abstention, languages."""

from pathlib import Path

import numpy as np
import pytest

from bot.components.features import features
from bot.components.intent_reading import FALLBACK, intent_of
from bot.components.langdetecting import Langdetect, packaged_profile, profile_of
from bot.components.language import LanguageModel
from bot.components.linear_model import LinearModel
from bot.components.normalising import normalised
from bot.components.signs import signs
from bot.components.vectoriser import Vectoriser
from bot.training.augmentation import noisy_twins
from bot.training.fitting import Recipe, TooFewExamples, fit
from bot.training.languages import learn, sentences
from bot.training.out_of_scope import drawn

LAMPS = "lampu jalan mati|pju padam depan pasar|gelap lampu gang tidak nyala|tiang lampu roboh|lampu taman mati|pju rusak"
WATER = "air pdam mati|ledeng tidak mengalir|air keruh dari keran|pipa pdam bocor|pdam macet|air kran bau"
WASTE = (
    "sampah menumpuk|tps penuh sampah|truk sampah tidak datang|sampah di sungai|bau sampah pasar|sampah liar"
)
EXAMPLES = [
    (text, label)
    for label, texts in (("lampu", LAMPS), ("air", WATER), ("sampah", WASTE))
    for text in texts.split("|")
]


def plainly(name: str = "few", extra: tuple[tuple[str, str], ...] = ()) -> Recipe:
    return Recipe(
        name, lambda text: features(normalised(text)), lambda text, label, number: [], 0.5, 0.3, extra
    )


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return fit(EXAMPLES, plainly())[0]


def best(model: LinearModel, text: str) -> str:
    return model.classes[int(model.probabilities(features(normalised(text))).argmax())]


@pytest.mark.parametrize(
    ("typed", "label"), [("lmpu jln pdm", "lampu"), ("AIRRR PDAM", "air"), ("smph bnyak bgt", "sampah")]
)
def test_typos_are_read_like_the_words_they_stand_for(model: LinearModel, typed: str, label: str) -> None:
    assert best(model, typed) == label


def test_confidence_adds_up_to_one(model: LinearModel) -> None:
    assert model.probabilities(features("lampu jalan")).sum() == pytest.approx(1.0, abs=1e-5)


def test_rows_of_one_message_are_the_rows_of_the_matrix() -> None:
    seen = [features(normalised(text)) for text, _ in EXAMPLES]
    vectoriser = Vectoriser.fitted(seen)
    matrix = vectoriser.matrix(seen).toarray()
    columns, values = vectoriser.row(seen[3])
    row = np.zeros(matrix.shape[1], np.float32)
    row[columns] = values
    assert np.allclose(row, matrix[3])


def test_a_stored_model_says_the_same(model: LinearModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    seen = features(normalised("lampu depan pasar padam"))
    assert again.classes == model.classes
    assert np.allclose(again.probabilities(seen), model.probabilities(seen), atol=0.01)


def test_a_message_without_known_words_is_not_known(model: LinearModel) -> None:
    assert not model.knows(features("qwrtz"))
    assert model.knows(features("lampu"))


def test_two_trainings_give_the_same_model(model: LinearModel) -> None:
    again = fit(EXAMPLES, plainly())[0]
    assert np.array_equal(again.coefficients, model.coefficients) and again.temperature == model.temperature


def test_extra_examples_teach_but_are_not_counted() -> None:
    extra = tuple((f"putar lagu nomor {word}", "lagu") for word in "satu dua tiga empat".split())
    model, shares = fit(
        [*EXAMPLES, *[(f"mainkan musik {w}", "lagu") for w in "pop rock jazz".split()]], plainly("e", extra)
    )
    assert len(shares) == len(EXAMPLES) + 3
    assert best(model, "putar lagu") == "lagu"


def test_a_class_of_two_examples_is_refused_by_name() -> None:
    with pytest.raises(TooFewExamples, match="tunggal"):
        fit([*EXAMPLES, ("satu", "tunggal"), ("dua", "tunggal")], plainly())


def test_twins_differ_are_repeatable_and_keep_most_words() -> None:
    text = "lampu penerangan jalan umum depan sekolah dasar sudah lama mati mohon diperbaiki"
    twins = [twin for number in range(30) for twin in noisy_twins(text, number)]
    assert twins == [twin for number in range(30) for twin in noisy_twins(text, number)]
    assert len(set(twins)) > 20 and text not in twins
    assert all(len(set(twin.lower().split()) & set(text.split())) >= 5 for twin in twins)


def test_out_of_scope_sentences_are_many_and_repeatable() -> None:
    assert drawn() == drawn()
    assert len(set(drawn())) == len(drawn()) > 600
    assert not any("[" in sentence or "|" in sentence for sentence in drawn())


def test_signs_tell_a_place_answer_from_a_told_matter() -> None:
    from bot.components.extraction.place import find
    from bot.components.extraction.reading import laid

    answer, told = (
        "depan sd 004 gg mawar sangatta utara",
        "lampu jalan mati semua sudah seminggu di bengalon tolong",
    )
    assert "place 3" in signs(answer, normalised(answer), find(laid(answer)), None)
    assert "place 1" in signs(told, normalised(told), find(laid(told)), None)


def test_a_profile_has_the_form_of_langdetects_own() -> None:
    ours, theirs = profile_of("bjn", ["banyu kada mangalir"]), packaged_profile("id")
    assert ours.keys() == theirs.keys() and len(ours["n_words"]) == 3
    assert all(1 <= len(gram) <= 3 for gram in ours["freq"]) and ours["freq"]["ban"] == 1


def test_langdetect_answers_the_same_every_time() -> None:
    told = sentences()
    detector = Langdetect({"id": packaged_profile("id"), "jv": profile_of("jv", told["jv"])})
    text = "dalane ngarep omahku rusak banget"
    assert np.array_equal(detector.likelihoods(text), detector.likelihoods(text))
    assert detector.languages[int(detector.likelihoods(text).argmax())] == "jv"
    assert not detector.likelihoods("123 !!!").any()


@pytest.fixture(scope="module")
def languages() -> LanguageModel:
    return learn(sentences(), [])


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("jalan di depan rumah kami sudah lama rusak", "id"),
        ("mohon segera dibaiki jalan raya ini tuan", "id"),
        ("the street lamp near our school is broken", "en"),
        ("dalan ngarep omahku wis suwe rusak ora didandani", "jv"),
        ("jalan payuneun bumi abdi tos lami ruksak teu diomean", "su"),
        ("jalan di muka rumah ulun hudah lawas rusak kada dibaiki", "bjn"),
        ("jalan hung baun human ikei jari tahi rusak jaton inambal", "nij"),
        ("matagal nang sira ang kalsada sa harap ng bahay namin", "other"),
        ("lampu mati", None),
        ("123 456 789 000", None),
        ("", None),
    ],
)
def test_language(languages: LanguageModel, typed: str, language: str | None) -> None:
    assert languages.language(typed) == language


def test_a_stored_language_model_says_the_same(languages: LanguageModel, tmp_path: Path) -> None:
    languages.save(tmp_path)
    again = LanguageModel.load(tmp_path)
    assert again.languages == languages.languages
    assert np.allclose(
        again.shares("banyu kada mangalir lagi"), languages.shares("banyu kada mangalir lagi"), atol=0.02
    )


@pytest.mark.parametrize("code", ["bjn", "jv", "su"])
def test_regional_sentences_are_many_and_distinct(code: str) -> None:
    told = sentences()[code]
    assert len(set(told)) >= 250


@pytest.mark.parametrize(
    ("shares", "taken"),
    [
        ({"keluhan": 0.46, "cek_status": 0.44, "salam": 0.1}, "keluhan"),
        ({"keluhan": 0.46, "luar_cakupan": 0.44, "salam": 0.1}, FALLBACK),
        ({"keluhan": 0.32, "aspirasi": 0.28, "salam": 0.4}, "salam"),
        ({"keluhan": 0.4, "cek_status": 0.5, "salam": 0.1}, "cek_status"),
    ],
)
def test_a_message_is_taken_in_when_all_that_it_may_be_takes_it_in(
    shares: dict[str, float], taken: str
) -> None:
    classes = tuple(sorted(shares))
    vectoriser = Vectoriser(({"lampu": 0}, {}, {}), np.ones(1, np.float32))
    intercepts = np.log(np.array([shares[name] for name in classes], np.float32))
    thresholds = {"least_confidence": 0.3, "least_confidence_to_open": 0.53}
    model = LinearModel(
        classes, vectoriser, np.zeros((1, len(classes)), np.float32), intercepts, 1.0, thresholds
    )
    assert intent_of((["lampu"], [], []), model)["intent"]["name"] == taken
