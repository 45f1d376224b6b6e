"""The page of the rules is what the rows say, no more and no less."""

from backend.reference.loader import load
from backend.rules_page import PAGE, text_of


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == text_of(), "run: python -m backend rules-page"


def test_every_row_and_every_office_stands_on_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    policy = load().policy
    assert [rule.id for rule in policy.rules if page.count(f"| `{rule.id}` |") != 1] == []
    assert [agency.name for agency in policy.agencies if agency.name not in page] == []
    assert all(f"(`{code}`)" in page for code in load().issues)
