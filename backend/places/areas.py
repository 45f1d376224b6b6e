"""Every area of Indonesia by Kemendagri code, and by the names people use for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

PROVINCE, REGENCY, DISTRICT, VILLAGE = 1, 2, 3, 4
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_RANK = re.compile(
    r"^(kabupaten|kota administrasi|kabupaten administrasi|kota|daerah khusus ibukota|daerah istimewa) "
)


def folded(text: str) -> str:
    """Lower case, letters and digits only, single spaces: how names are compared.

    >>> folded("Sangatta  Utara, Kutim.")
    'sangatta utara kutim'
    """
    return _NOT_A_WORD.sub(" ", text.lower()).strip()


def level_of(code: str) -> int:
    """1 province, 2 regency, 3 district, 4 village."""
    return code.count(".") + 1


def parent_of(code: str, level: int) -> str:
    """Code of the ancestor at that level, or the code itself."""
    return ".".join(code.split(".")[:level])


@dataclass(frozen=True, slots=True)
class Area:
    """One area: `code` like 64.08.04, `name` as in Kepmendagri (regencies with their rank)."""

    code: str
    name: str

    @property
    def level(self) -> int:
        return level_of(self.code)

    @property
    def is_city(self) -> bool:
        return self.level == REGENCY and self.name.startswith("Kota")

    @property
    def is_kelurahan(self) -> bool:
        return self.level == VILLAGE and self.code.split(".")[3].startswith("1")


class Areas:
    """Lookup by code and by folded name; immutable once built.

    `rows` are (code, name); `aliases` are (alias, code). Spaces do not count in names ("sangatautara").
    """

    def __init__(self, rows: Iterable[tuple[str, str]], aliases: Iterable[tuple[str, str]] = ()) -> None:
        self._by_code: dict[str, Area] = {code: Area(code, name) for code, name in rows}
        self._by_name: dict[str, list[str]] = {}
        for area in self._by_code.values():
            self._by_name.setdefault(_key(_RANK.sub("", area.name.lower())), []).append(area.code)
        self._aliases = {_key(alias): code for alias, code in aliases}
        for alias, code in self._aliases.items():
            if code not in self._by_code:
                raise ValueError(f"place_aliases.csv: {alias!r} points at the unknown code {code}")

    def __getitem__(self, code: str) -> Area:
        return self._by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def named(self, words: str) -> tuple[str, ...]:
        """Codes of all areas of exactly that name or alias (an alias goes first)."""
        key = _key(words)
        found = list(self._by_name.get(key, ()))
        alias = self._aliases.get(key)
        return (alias, *(code for code in found if code != alias)) if alias else tuple(found)

    def is_alias(self, words: str) -> bool:
        return _key(words) in self._aliases

    def names_under(self, parent: str, levels: frozenset[int]) -> Mapping[str, tuple[str, ...]]:
        """Key (name without spaces) → codes, of areas at those levels under a code; "" is the whole country."""
        names: dict[str, list[str]] = {}
        for code, area in self._by_code.items():
            if (not parent or code == parent or code.startswith(parent + ".")) and level_of(code) in levels:
                names.setdefault(_key(_RANK.sub("", area.name.lower())), []).append(code)
        for alias, code in self._aliases.items():
            if (not parent or code == parent or code.startswith(parent + ".")) and level_of(code) in levels:
                names.setdefault(alias, []).append(code)
        return {name: tuple(codes) for name, codes in names.items()}

    def label(self, code: str) -> str:
        """How people write it: "Desa Swarga Bara, Kec. Sangatta Utara, Kab. Kutai Timur"."""
        return ", ".join(self._titles(code))

    def _titles(self, code: str) -> Iterator[str]:
        for level in range(level_of(code), 0, -1):
            area = self._by_code.get(parent_of(code, level))
            if area is None or (level == PROVINCE and level_of(code) > REGENCY):
                continue
            yield _title(area)


def _title(area: Area) -> str:
    if area.level == VILLAGE:
        return f"{'Kel.' if area.is_kelurahan else 'Desa'} {area.name}"
    if area.level == DISTRICT:
        return f"Kec. {area.name}"
    return area.name.replace("Kabupaten ", "Kab. ")


def _key(words: str) -> str:
    return folded(words).replace(" ", "")
