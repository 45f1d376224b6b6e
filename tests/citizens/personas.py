"""Who talks: facts combined with behaviours, the same ones for the same seed."""

from __future__ import annotations

import random

from tests.citizens.citizen import Citizen
from tests.citizens.facts import Facts, all_facts
from tests.citizens.manners import MANNERS, Manner
from tests.citizens.speaker import PINS

SEED = 20261123
OF_EACH = 4


def personas(seed: int = SEED, of_each: int = OF_EACH) -> list[Citizen]:
    """`of_each` people for every behaviour, with complaints that suit it, spread so that every complaint is told."""
    dice = random.Random(seed)
    waiting: list[Facts] = []
    people = []
    for manner in MANNERS:
        chosen: list[Facts] = []
        while len(chosen) < min(of_each, sum(_suits(one, manner) for one in all_facts())):
            if not any(_suits(one, manner) and one not in chosen for one in waiting):
                more = list(all_facts())
                dice.shuffle(more)
                waiting += more
            one = next(one for one in waiting if _suits(one, manner) and one not in chosen)
            waiting.remove(one)
            chosen.append(one)
        people += [Citizen(one, manner, seed) for one in chosen]
    return people


def _suits(facts: Facts, manner: Manner) -> bool:
    if manner.language and manner.language not in facts.versions:
        return False
    if "pin" in (manner.where, manner.opening) and facts.area not in PINS:
        return False
    if manner.name == "two matters" and "lampu_jalan" in facts.issues:
        return False
    if manner.name == "corrects the matter" and "jembatan_rusak" in facts.issues:
        return False
    return not (manner.support and (facts.sensitive or facts.maybe_sensitive))
