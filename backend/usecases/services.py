"""What every use case may lean on besides its unit of work, passed by hand from the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from backend.reference.loader import Reference
from backend.usecases.ports import CaseRefs, CodeSealer, PlaceFinder, Randomness
from backend.usecases.secrets_port import Stamper


@dataclass
class Services:
    """`home` is the Kemendagri code of the regency that runs this desk. `reference` is a value that never changes; a newly published
    version takes its place (`conversations/reference_watch.py`), `reference_version` says which it is, 0 for the shipped rows.
    Whoever needs one version for the length of a piece of work takes it once, or works on `dataclasses.replace(services)`."""

    reference: Reference
    codes: CodeSealer
    refs: CaseRefs
    random: Randomness
    places: PlaceFinder
    home: str
    stamper: Stamper
    reference_version: int = 0
