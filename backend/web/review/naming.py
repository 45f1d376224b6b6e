"""What identifiers are called on the pages of reviewers: labels, positions, moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Self

from backend.cases.access import Officer
from backend.reference.intents import review_labels
from backend.web.ports import Site


@dataclass(frozen=True)
class Naming:
    """Words for the templates."""

    labels: dict[str, str]
    positions: dict[str, str]
    zone: tzinfo

    @classmethod
    async def of(cls, site: Site, officer: Officer) -> Self:
        """The words of this officer's desk."""
        async with site.accounts.begin() as rows:
            positions = await rows.positions.of_desk(officer.desk)
        groups = review_labels(site.services.reference)
        return cls(
            {label: words for labels in groups.values() for label, words in labels},
            {one.officer.id: one.officer.title for one in positions},
            site.services.reference.zone(site.settings.home_regency).tzinfo,
        )

    def label(self, label: str | None) -> str:
        return self.labels.get(label or "", label or "")

    def who(self, by: str) -> str:
        """The title of a position; whoever is none keeps the name of the record."""
        return self.positions.get(by, by)

    def when(self, at: datetime) -> str:
        """Day and minute as the regency's clock shows them."""
        return f"{at.astimezone(self.zone):%d-%m-%Y %H.%M}"
