"""From a place phrase to areas: every reading of its words is scored, the best one answers, close ones are offered.

A reading is one chain of areas (village in district in regency in province) and the words that named it. What is
nearer to the desk's own regency needs less evidence; a village elsewhere needs its district, its regency or the word
*desa* beside it, because almost every common word is a village somewhere among 83,762.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from backend.places.areas import DISTRICT, PROVINCE, REGENCY, VILLAGE, Areas, folded, level_of, parent_of
from backend.places.phrase import COMMON_WORDS, STREET_WORDS, Word, words_of

LONGEST_NAME = 4
SURE = 0.75
WORTH_ASKING = 0.35
CLOSE = 0.12
FUZZY_FROM = 5
FUZZY_CUTOFF = 84.0
ALIAS_IS = 0.88
UNMISTAKABLE = 0.26
# Streets, hotels and shops are named after towns far away ("jl surabaya").
NAMED_AFTER_TOWNS = frozenset(
    "jl jln jalan gg gang hotel toko warung perum perumahan komplek ruko rumah".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation: the deepest area, how sure (0–1), and which words it used (half-open index ranges)."""

    code: str
    confidence: float
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words `start`…`end` may name `code`; `quality` 0–1 is how exactly."""

    code: str
    start: int
    end: int
    quality: float
    claimed: bool


class Finder:
    """Finds areas in phrases. Building it loads all names (about 0.5 s); do it at start, not in a turn."""

    def __init__(self, areas: Areas) -> None:
        self._areas = areas
        self._fuzzy: dict[tuple[str, frozenset[int]], dict[str, tuple[str, ...]]] = {}
        self._country = frozenset({PROVINCE, REGENCY})

    def readings(self, phrase: str, home: str) -> tuple[Reading, ...]:
        """Readings of the phrase, best first, at most five; empty when no word names an area.

        `home` is the code of the regency whose desk was written to; its names win over equal names elsewhere.
        """
        words = words_of(phrase)
        hits = _longest([hit for hit in self._hits(words, home) if self._plausible(hit, words, home)])
        hits = _home_first(hits, home)
        best: dict[str, Reading] = {}
        for reading in self._chains(hits, words, home):
            known = best.get(reading.code)
            if known is None or reading.confidence > known.confidence:
                best[reading.code] = reading
        ranked = sorted(best.values(), key=lambda one: (-one.confidence, -level_of(one.code), one.code))
        return tuple(_without_ancestors(ranked)[:5])

    def warm(self, home: str) -> None:
        """Build the name lists of one desk now, so that no turn pays for them."""
        for parent, levels in self._scopes(home, DISTRICT):
            self._scope(parent, levels)

    # ---- words → hits

    def _hits(self, words: Sequence[Word], home: str) -> Iterator[_Hit]:
        for start in range(len(words)):
            for end in range(min(len(words), start + LONGEST_NAME), start, -1):
                span = words[start:end]
                if any(word.street != span[0].street or word.claims for word in span[1:]):
                    continue
                yield from self._named(span, start, end, home)

    def _named(self, span: Sequence[Word], start: int, end: int, home: str) -> Iterator[_Hit]:
        name = "".join(word.text for word in span)
        claims = span[0].claims
        exact = self._areas.named(name)
        for code in exact:
            agrees = claims is None or level_of(code) == claims
            if not self._rank_fits(code, span):
                continue
            if agrees or (claims == REGENCY and level_of(code) == DISTRICT) or self._areas.is_alias(name):
                yield _Hit(code, start, end, 1.0 if agrees else 0.9, claims == level_of(code))
        if exact or len(name) < FUZZY_FROM or not name.isalpha() or name in COMMON_WORDS or _has_marker(span):
            return
        yield from self._similar(name, claims, start, end, home)

    def _rank_fits(self, code: str, span: Sequence[Word]) -> bool:
        """*Kota Bogor* is not *Kabupaten Bogor*; where only one bears the name, either word will do."""
        said = [word.city for word in span if word.city is not None]
        if not said or level_of(code) != REGENCY:
            return True
        twins = [one for one in self._areas.named("".join(w.text for w in span)) if level_of(one) == REGENCY]
        return len(twins) < 2 or self._areas[code].is_city == said[0]

    def _similar(self, name: str, claims: int | None, start: int, end: int, home: str) -> Iterator[_Hit]:
        """Names one typing error or two away: at home all levels, in the home province districts, elsewhere regencies."""
        for parent, levels in self._scopes(home, claims):
            trust = 1.0 if parent == home else 0.94
            names = self._scope(parent, levels)
            found = process.extract(name, names.keys(), scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF, limit=3)
            hits = [
                _Hit(code, start, end, _quality(score, name, match) * trust, claims == level_of(code))
                for match, score, _ in found
                if match[0] == name[0] or score >= 90
                for code in names[match]
                if claims is None or claims == level_of(code)
            ]
            if hits:
                yield from hits
                return

    def _scopes(self, home: str, claims: int | None) -> list[tuple[str, frozenset[int]]]:
        every = frozenset({REGENCY, DISTRICT, VILLAGE})
        scopes = [(home, every), (parent_of(home, 1), frozenset({REGENCY, DISTRICT})), ("", self._country)]
        return [*scopes, ("", frozenset({DISTRICT}))] if claims == DISTRICT else scopes

    def _scope(self, parent: str, levels: frozenset[int]) -> dict[str, tuple[str, ...]]:
        key = (parent, levels)
        if key not in self._fuzzy:
            self._fuzzy[key] = {
                name: codes
                for name, codes in self._areas.names_under(parent, levels).items()
                if len(name) >= FUZZY_FROM
            }
        return self._fuzzy[key]

    # ---- which hits may stand

    def _plausible(self, hit: _Hit, words: Sequence[Word], home: str) -> bool:
        """Street and building names are no areas, nor are everyday words without a level word before them."""
        span = words[hit.start : hit.end]
        if hit.claimed:
            return True
        near = hit.code == home or hit.code.startswith(home + ".")
        if not near and hit.start and words[hit.start - 1].text in NAMED_AFTER_TOWNS:
            return False
        if span[0].street:
            # "pasar sangatta", "sd rantau pulung": a home name after a building word still places it
            strong = len(span) >= 2 or not near
            return level_of(hit.code) in (REGENCY, DISTRICT) and (near or strong) and _distinct(span)
        return _distinct(span)

    # ---- hits → chains

    def _chains(self, hits: Sequence[_Hit], words: Sequence[Word], home: str) -> Iterator[Reading]:
        for deepest in hits:
            if (
                level_of(deepest.code) == VILLAGE
                and not deepest.claimed
                and self._names_its_district(deepest)
            ):
                continue  # who writes "Sangatta Utara" means the district unless *desa* stands before it
            support = [
                hit
                for hit in hits
                if hit is not deepest
                and level_of(hit.code) < level_of(deepest.code)
                and deepest.code.startswith(hit.code + ".")
                and (hit.end <= deepest.start or hit.start >= deepest.end)
            ]
            against = self._against(deepest, hits)
            confidence = self._confidence(deepest, support, against, words, home)
            if confidence > 0:
                spans = tuple(sorted({(hit.start, hit.end) for hit in (deepest, *support)}))
                yield Reading(deepest.code, round(confidence, 3), spans)

    def _against(self, deepest: _Hit, hits: Sequence[_Hit]) -> bool:
        """True when other words name a regency or province this reading does not lie in."""
        elsewhere = [
            hit
            for hit in hits
            if level_of(hit.code) <= REGENCY
            and hit.quality >= 0.95
            and (hit.end <= deepest.start or hit.start >= deepest.end)
        ]
        return bool(elsewhere) and not any(
            deepest.code.startswith(hit.code) or hit.code.startswith(deepest.code) for hit in elsewhere
        )

    def _confidence(
        self, hit: _Hit, support: Sequence[_Hit], against: bool, words: Sequence[Word], home: str
    ) -> float:
        level = level_of(hit.code)
        near = hit.code == home or hit.code.startswith(home + ".")
        same_province = parent_of(hit.code, 1) == parent_of(home, 1)
        if near:
            base = {REGENCY: 0.95, DISTRICT: 0.93, VILLAGE: 0.83}[level] if level > PROVINCE else 0.4
        elif same_province:
            base = {PROVINCE: 0.5, REGENCY: 0.92, DISTRICT: 0.78, VILLAGE: 0.38}[level]
        else:
            base = {PROVINCE: 0.45, REGENCY: 0.9, DISTRICT: 0.5, VILLAGE: 0.05}[level]
        name = "".join(word.text for word in words[hit.start : hit.end])
        if not near and level > REGENCY:
            base -= 0.08 * min(self._rivals(hit, name), 3)
            base += (
                UNMISTAKABLE if level == DISTRICT and len(name) >= 9 and not self._rivals(hit, name) else 0.0
            )
        base = (
            max(base, ALIAS_IS)
            if self._areas.named(name)[:1] == (hit.code,) and self._areas.is_alias(name)
            else base
        )
        base += 0.12 if hit.claimed else 0.0
        base += 0.35 * min(len({h.code for h in support}), 2) if level > REGENCY else 0.05 * bool(support)
        base -= 0.5 if against else 0.0
        base += 0.03 * (hit.end - hit.start - 1)
        return max(0.0, min(0.99, base)) * hit.quality

    def _names_its_district(self, hit: _Hit) -> bool:
        district = self._areas[parent_of(hit.code, DISTRICT)]
        return folded(district.name) == folded(self._areas[hit.code].name)

    def _rivals(self, hit: _Hit, name: str) -> int:
        same_level = [code for code in self._areas.named(name) if level_of(code) == level_of(hit.code)]
        return max(0, len(same_level) - 1)


def _home_first(hits: list[_Hit], home: str) -> list[_Hit]:
    """Beside a name of the home regency, a name from another province is rarely a place ("batu bara di bengalon")."""
    at_home = any(
        hit.code.startswith(home) and level_of(hit.code) <= DISTRICT and hit.quality >= 0.9 for hit in hits
    )
    if not at_home:
        return hits
    province = parent_of(home, 1)
    return [hit for hit in hits if hit.claimed or parent_of(hit.code, 1) == province]


def _has_marker(span: Sequence[Word]) -> bool:
    """True when a word of the span is itself *jalan*, *km* or the like."""
    return any(word.text in STREET_WORDS for word in span)


def _longest(hits: Sequence[_Hit]) -> list[_Hit]:
    """Drop a hit inside a longer one that is about as good: *lingga* inside *teluk lingga*."""
    return [
        hit
        for hit in hits
        if not any(
            one.start <= hit.start
            and hit.end <= one.end
            and one.end - one.start > hit.end - hit.start
            and one.quality >= 0.85
            and (one.claimed or not hit.claimed)
            for one in hits
        )
    ]


def _quality(score: float, name: str, match: str) -> float:
    """How far a misspelt name is to be believed, 0–1: short names need more likeness."""
    penalty = 0.05 if min(len(name), len(match)) < 7 else 0.0
    return max(0.0, score / 100.0 - penalty)


def _distinct(span: Sequence[Word]) -> bool:
    """False for everyday words ("utara", "pasar baru") and for single very short words."""
    meaningful = [word for word in span if word.text not in COMMON_WORDS and not word.text.isdigit()]
    if len(span) == 1:
        return bool(meaningful) and len(span[0].text) >= 3
    return bool(meaningful) or len(span) >= 2 and "".join(word.text for word in span) not in COMMON_WORDS


def _without_ancestors(ranked: Sequence[Reading]) -> list[Reading]:
    """Drop a reading that only says less than a better one: the regency around the district already found."""
    kept: list[Reading] = []
    for reading in ranked:
        deeper = any(one.code.startswith(reading.code + ".") and _outweighs(one, reading) for one in ranked)
        same_words = any(
            reading.code.startswith(one.code + ".") and reading.spans == one.spans for one in kept
        )
        if not deeper and not same_words:
            kept.append(reading)
    return kept


def _outweighs(deeper: Reading, reading: Reading) -> bool:
    """A deeper reading that also explains the other's words may be less sure and still be the better answer."""
    allowance = 0.25 if set(reading.spans) <= set(deeper.spans) else 0.05
    return deeper.confidence >= reading.confidence - allowance
