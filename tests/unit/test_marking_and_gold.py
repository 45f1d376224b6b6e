"""What reviewers mark must stand in the sentence; sentences whose answer is known come one in twelve, each once, and are well-formed."""

import pytest

from backend.reference import loader
from backend.reference.gold_sentences import gold_rows
from backend.reference.intents import known_labels
from backend.review import gold
from backend.review.marking import Mark, MarkRefused, marks_of
from backend.web.review.sentence_view import known

TEXT = "lampu pasar mati sejak kemarin"


def test_marks_are_kept_in_their_order() -> None:
    assert marks_of(["waktu:23:30", "tempat:6:11", "tempat:6:11"], TEXT) == (
        Mark("tempat", 6, 11),
        Mark("waktu", 23, 30),
    )
    assert marks_of([], TEXT) == ()


@pytest.mark.parametrize(
    "written",
    [
        "place:0:5",
        "tempat:0:500",
        "tempat:5:5",
        "tempat:9:4",
        "tempat:5:6",
        "tempat:-1:4",
        "tempat:0:5](x)",
        "",
    ],
)
def test_what_marks_nothing_is_refused(written: str) -> None:
    with pytest.raises(MarkRefused):
        marks_of([written], TEXT)


def test_marks_do_not_overlap_and_are_few() -> None:
    for written in (["tempat:0:11", "waktu:6:16"], [f"tempat:{n}:{n + 1}" for n in range(13)]):
        with pytest.raises(MarkRefused):
            marks_of(written, TEXT)


def test_one_in_twelve_is_known_and_each_is_met_once() -> None:
    said: dict[str, str] = {}
    met = []
    for n in range(12 * (len(known()) + 3)):
        one = gold.next_gold(n, "ani", said, known())
        if one is not None:
            met.append(n)
            said[one.id] = one.label if len(met) > 1 else "salam"
    assert met == [10 + 12 * n for n in range(len(known()))]
    assert gold.score(said, known()) == (len(known()) - 1, len(known()))
    assert gold.score(dict(list(said.items())[:3]), known()) is None


def test_known_sentences_have_known_labels_and_tell_nothing_by_their_order() -> None:
    labels = known_labels(loader.load())
    firsts = []
    for text, label, others in gold_rows():
        assert {label, *others} <= labels and len({label, *others}) == 3, text
    for one in known():
        firsts += [one.ranking(by)[0][0] == one.label for by in ("ani", "budi", "cici")]
    assert 0.15 < sum(firsts) / len(firsts) < 0.55
