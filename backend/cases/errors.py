"""What can go wrong in the domain, each in its own words: a stable code, a sentence for the log, and the key of the
sentence for the person (`backend/reference/sentences.csv`)."""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """Anything the rules refuse. `code` is also the key of the person's sentence; `str(error)` is for the log."""

    code: ClassVar[str] = "refused"

    @property
    def sentence(self) -> str:
        """Key of the sentence for the person in `sentences.csv`."""
        return self.code


class MoveRefused(DomainError):
    """The workflow table has no such move for this actor."""

    code = "move_refused"

    def __init__(self, state: str, wanted: str, by: str) -> None:
        super().__init__(f"move refused: {state} to {wanted} by {by}")
        self.state, self.wanted, self.by = state, wanted, by


class ReasonMissing(DomainError):
    """The move needs a reason that people can read later."""

    code = "reason_missing"

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"move needs a reason: {state} to {wanted}")


class StaleCase(DomainError):
    """Somebody else saved the case after it was read."""

    code = "stale_case"

    def __init__(self, case_id: str) -> None:
        super().__init__(f"case changed since it was read: {case_id}")


class OfficeUnknown(DomainError):
    """No office of this desk's list has the code."""

    code = "office_unknown"

    def __init__(self, agency: str) -> None:
        super().__init__(f"no office {agency[:40]!r} for this desk")


class CodeMistyped(DomainError):
    """Not 20 digits, or the check digits do not fit: a typing error, never a search."""

    code = "code_mistyped"

    def __init__(self, why: str) -> None:
        super().__init__(f"tracking code mistyped: {why}")


class CaseNotFound(DomainError):
    """No such case, or not for this asker: both have the same words."""

    code = "case_not_found"

    def __init__(self) -> None:
        super().__init__("case not found or not for this asker")


class TooManyLookups(DomainError):
    """This sender failed too often; `wait_s` seconds remain."""

    code = "slow_down"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"look-ups throttled: {wait_s} s")
        self.wait_s = wait_s


class ContestTooLate(DomainError):
    """The time for contesting a closed case is over."""

    code = "contest_too_late"

    def __init__(self, closed_days: int) -> None:
        super().__init__(f"contest too late: closed {closed_days} days ago")


class DraftInvalid(DomainError):
    """A draft that the conversation should never have sent; `field` names the culprit."""

    code = "draft_invalid"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"draft invalid: {field}: {why}")
        self.field = field


class BoxesInvalid(DomainError):
    """What a page sent as boxes over a photo is none."""

    code = "boxes_invalid"

    def __init__(self, why: str) -> None:
        super().__init__(f"boxes invalid: {why}")


class RowInvalid(DomainError):
    """A row of reference data that cannot be used: file, row number (2 is the first below the header), column."""

    code = "row_invalid"

    def __init__(self, file: str, row: int, column: str, why: str) -> None:
        super().__init__(f"{file}, row {row}, column {column}: {why}")
        self.file, self.row, self.column = file, row, column


class HandOverRefused(DomainError):
    """A case cannot be marked as handed on. Its sentence is `lapor_number_wrong`, `lapor_number_taken`, `lapor_already` or `lapor_busy`."""

    code = "lapor_refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(f"hand-over refused: {sentence}")
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        """Key of the sentence for the person."""
        return self._sentence
