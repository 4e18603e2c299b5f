"""The key that `up` makes beside its own database."""

import stat
from pathlib import Path

import pytest

from care.second_factor_secret import SEALED, Seal
from hearthbeat.checks import Standing, second_factors
from hearthbeat.errors import DataDirectoryError
from hearthbeat.kept_key import keys

NAMED = "n" * 32


def test_it_is_made_once_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    made = keys(None, file)
    assert keys(None, file) == made
    assert len(made) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_it_sealed_is_opened_after_a_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    sealed = Seal(keys=keys(None, file)).close("secret")
    assert sealed.startswith(SEALED)
    later = Seal(keys=keys(NAMED, file))
    assert later.open(sealed) == "secret"
    assert Seal(keys=NAMED).open(later.close("another")) == "another"


def test_where_one_is_named_from_the_start_none_is_made(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    assert keys(NAMED, file) == NAMED
    assert not file.exists()


@pytest.mark.parametrize("content", [b"", b"short", b"a,b" * 20, b"\xff" * 40])
def test_a_file_without_a_key_is_not_written_over(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret-key"
    file.write_bytes(content)
    with pytest.raises(DataDirectoryError, match="secret-key"):
        keys(None, file)
    assert file.read_bytes() == content


def test_doctor_says_what_a_named_database_lacks() -> None:
    assert second_factors(sealed=True).standing is Standing.GOOD
    unsealed = second_factors(sealed=False)
    assert unsealed.standing is Standing.NOTE
    assert "console.secret_key" in unsealed.to_do
