"""Sealed values open only where they belong, with the key that sealed them; identifiers never turn back."""

from dataclasses import replace

import pytest

from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.errors import KeysRefused, SealBroken
from backend.persistence.keys import new_keys, parse
from backend.persistence.sealing import Sealer, normalised_words
from backend.usecases.ports import Proof

KEYS = new_keys()
VAULT = KEYS.vault


def test_a_sealed_value_opens_again_and_never_looks_the_same() -> None:
    sealer, _ = VAULT.new_key("case:1")
    first, second = sealer.seal(b"lampu", "a"), sealer.seal(b"lampu", "a")
    assert sealer.open(first, "a") == sealer.open(second, "a") == b"lampu"
    assert first != second


@pytest.mark.parametrize("about", ["inbox:2", "outbox:1", ""])
def test_a_value_cannot_be_moved_to_another_row(about: str) -> None:
    sealer, _ = VAULT.new_key("case:1")
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal(b"lampu", "inbox:1"), about)


def test_any_changed_byte_is_noticed() -> None:
    sealer, _ = VAULT.new_key("case:1")
    sealed = sealer.seal(b"lampu", "a")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            sealer.open(bytes(changed), "a")


def test_surrogates_and_emoji_survive_as_json() -> None:
    sealer, _ = VAULT.new_key("case:1")
    value = {"text": "mati 💡", "n": [1, None, True]}
    assert sealer.open_json(sealer.seal_json(value, "a"), "a") == value


def test_a_data_key_opens_only_for_its_owner_and_with_its_wrapping_key() -> None:
    sealer, wrapped = VAULT.new_key("case:1")
    assert VAULT.unwrap(wrapped, "case:1") == sealer
    with pytest.raises(SealBroken):
        VAULT.unwrap(wrapped, "case:2")
    with pytest.raises(SealBroken):
        new_keys().vault.unwrap(wrapped, "case:1")
    with pytest.raises(KeysRefused, match="wrapping key 7"):
        VAULT.unwrap(replace(wrapped, version=7), "case:1")


def test_wrapping_keys_rotate_without_touching_what_is_sealed() -> None:
    sealer, wrapped = VAULT.new_key("case:1")
    newer = KEYS.with_new_wrapping_key().vault
    again = newer.rewrap(wrapped, "case:1")
    assert (wrapped.version, again.version) == (1, 2)
    assert newer.unwrap(again, "case:1") == newer.unwrap(wrapped, "case:1") == sealer


def test_identifiers_differ_by_kind_and_by_installation() -> None:
    assert VAULT.identifier("sender web", "a") == VAULT.identifier("sender web", "a")
    assert VAULT.identifier("sender web", "a") != VAULT.identifier("sender whatsapp", "a")
    assert VAULT.identifier("sender web", "a") != new_keys().vault.identifier("sender web", "a")
    assert VAULT.digest("1" * 20) != new_keys().vault.digest("1" * 20)


def test_words_are_found_blindly_whatever_their_case_and_order() -> None:
    assert set(VAULT.words("LAMPU jalan")) == set(VAULT.words("jalan, lampu! di"))
    assert not set(VAULT.words("lampu")) & set(VAULT.words("lampunya"))
    assert normalised_words("Café di RT 04, lampu-lampu") == {"cafe", "lampu"}


def test_keys_are_written_and_read_whole_and_never_shown() -> None:
    assert parse(KEYS.written(), "uji") == KEYS
    assert repr(KEYS) == "Keys()" and "key=" not in repr(Sealer(b"rahasia"))
    for damage in ("{}", "[]", "bukan json", KEYS.written().replace("code_pepper", "lain")):
        with pytest.raises(KeysRefused, match="damaged"):
            parse(damage, "uji")


def test_a_case_token_works_in_its_own_conversation_only() -> None:
    refs = SealedCaseRefs(VAULT)
    token = refs.seal("percakapan-1", "c" * 32, Proof.CODE)
    assert "c" * 8 not in token
    assert refs.open("percakapan-1", token) == ("c" * 32, Proof.CODE)
    assert refs.open("percakapan-2", token) is None
    assert SealedCaseRefs(new_keys().vault).open("percakapan-1", token) is None


@pytest.mark.parametrize("token", ["", "a", "====", "é", "AQID", "x" * 500, "../..", "\x00"])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert SealedCaseRefs(VAULT).open("percakapan-1", token) is None
