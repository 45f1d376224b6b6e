"""Settings are one typed object: wrong values and wrong names are refused, and the example file is never stale."""

import pytest

from backend import settings


def test_example_file_is_what_the_settings_say() -> None:
    assert (settings.ROOT / ".env.example").read_text(encoding="utf-8") == settings.example()


def test_every_setting_has_a_sentence() -> None:
    assert [name for name, _, sentence in settings.described() if not sentence.endswith(".")] == []


def test_a_mistyped_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMAN_LAPOR_PROT", "8001")
    with pytest.raises(settings.SettingsRefused, match="TEMAN_LAPOR_PROT"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEMAN_LAPOR_PORT", "delapan ribu"),
        ("TEMAN_LAPOR_HOME_REGENCY", "6408"),
        ("TEMAN_LAPOR_ENGINES", "0"),
        ("TEMAN_LAPOR_ANONYMOUS_KEPT_H", "48"),
    ],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(settings.SettingsRefused):
        settings.load()
