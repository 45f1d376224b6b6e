"""Each role finds questions of its own."""

import pytest

from backend.cases.access import Role
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database


async def test_every_role_has_help(live: LiveSite) -> None:
    pages = set()
    for role in Role:
        page = await (
            await officer_in(live, role, area="64.08.04.2001" if role is Role.VILLAGE else None)
        ).get("/meja/bantuan")
        assert page.status_code == 200 and page.text.count("<summary>") >= 2, role
        pages.add(page.text.split('class="card questions"')[1].split("</div>")[0])
    assert len(pages) == len(Role)
