"""Counting once and weighing per fold gives the very rows that a turn makes of the same message."""

import numpy as np

from bot.components.features import features
from bot.components.normalising import normalised
from bot.components.vectoriser import Vectoriser
from bot.training.counting import counted

TEXTS = (
    "lampu jalan mati mati|air pdam keruh|sampah menumpuk di pasar|jalan rusak parah|lampu taman padam|"
    "air tidak mengalir|sampah bau di jalan|jalan berlubang"
).split("|")
SEEN = [features(normalised(text)) for text in TEXTS]


def test_a_fold_has_the_vocabulary_and_weights_of_its_own_messages() -> None:
    fold = np.array([0, 2, 3, 5, 7])
    ours, theirs = counted(SEEN).weighing(fold).vectoriser(), Vectoriser.fitted([SEEN[n] for n in fold])
    assert ours.vocabularies == theirs.vocabularies
    assert np.allclose(ours.idf, theirs.idf)


def test_rows_are_those_of_the_vectoriser_also_for_messages_not_in_the_fold() -> None:
    weighing = counted(SEEN).weighing(np.array([0, 1, 2, 3]))
    every = np.arange(len(SEEN))
    expected = weighing.vectoriser().matrix(SEEN).toarray()
    assert np.allclose(weighing.matrix(every).toarray(), expected, atol=1e-5)
