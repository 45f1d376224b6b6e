"""What every use case may lean on besides its unit of work, passed by hand from the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from backend.reference.loader import Reference
from backend.usecases.ports import CaseRefs, CodeSealer, PlaceFinder, Randomness
from backend.usecases.secrets_port import Stamper


@dataclass(frozen=True)
class Services:
    """`home` is the Kemendagri code of the regency that runs this desk."""

    reference: Reference
    codes: CodeSealer
    refs: CaseRefs
    random: Randomness
    places: PlaceFinder
    home: str
    stamper: Stamper
