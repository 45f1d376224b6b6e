"""A whole talk through the raw webhook, the pipeline and the fake Graph server."""

import pytest

from tests.support.whatsapp import Line

pytestmark = pytest.mark.database


async def test_from_words_to_code(line: Line) -> None:
    phone = line.meta.phone()
    assert await line.ask(phone, "lampu mati depan sd") == "dengar: lampu mati depan sd"
    said = await line.ask(phone, "kirim")
    assert "Kode: " in said and "⟦code⟧" not in said
    await line.quiet()
    assert [row["n"] for row in await line.rows("SELECT count(*) AS n FROM cases")] == [1]
    assert {row["provider_rank"] for row in await line.rows("SELECT provider_rank FROM outbox")} == {3}
    assert len(phone.reads) == 2
