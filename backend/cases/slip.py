"""The code on a slip that somebody else printed: good once, for a code that only its holder has seen (decision 59)."""

from __future__ import annotations

from backend.cases.case import Case

# Filed for a neighbour at `/meja/titip`.
ASSISTED = "desk"
CODE_REPLACED = "code_replaced"


def is_on_slip(case: Case) -> bool:
    """Whether the code that opens the case is still the printed one, which whoever keyed the report in may have seen."""
    return case.channel == ASSISTED and not any(event.what == CODE_REPLACED for event in case.events)
