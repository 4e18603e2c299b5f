"""Whose files the embedded parts are, and what is said where that cannot work."""

import os
from pathlib import Path

import pytest

from hearthbeat.data_directory import in_use, opened
from hearthbeat.embedded.account import account_for
from hearthbeat.embedded.binaries import Binaries
from hearthbeat.embedded.cluster import Cluster, make
from hearthbeat.errors import DataDirectoryError

NOBODY_YET = 54_321
"""Has no account."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """We are not who made the files."""
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY_YET)


@pytest.mark.usefixtures("somebody_else")
def test_anothers_directory_is_refused_with_his_name(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError, match=r"belongs to \w+: run this as that user, or "):  # noqa: SIM117
        with opened(tmp_path):
            pass
    with pytest.raises(DataDirectoryError, match=r"belongs to \w+: run this as that user"):
        account_for(tmp_path)
    assert not (tmp_path / "lock").exists()


@as_root
def test_root_may_use_anothers_directory(tmp_path: Path) -> None:
    os.chown(tmp_path, NOBODY_YET, -1)
    with opened(tmp_path):
        assert in_use(tmp_path)


@as_root
def test_an_empty_directory_of_roots_is_given_to_whom_it_is_for(tmp_path: Path) -> None:
    account = account_for(tmp_path)
    assert account is not None
    assert account.uid == tmp_path.stat().st_uid != 0


@as_root
def test_a_full_directory_of_roots_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(DataDirectoryError, match=r"belongs to root, .* `chown -R \w+ /.*--data"):
        account_for(tmp_path)
    assert tmp_path.stat().st_uid == 0


@as_root
def test_a_directory_of_nobodys_is_refused_with_what_to_do(tmp_path: Path) -> None:
    os.chown(tmp_path, NOBODY_YET, -1)
    with pytest.raises(DataDirectoryError, match=r"user number 54321, who has no account .*chown"):
        account_for(tmp_path)


@as_root
def test_a_database_that_is_another_users_within_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "made").touch()
    os.chown(tmp_path / "data", NOBODY_YET, -1)
    binaries = Binaries(directory=tmp_path, major=18, embedded=True)
    with pytest.raises(DataDirectoryError, match=r"belongs to user number 54321 and .* to root"):
        make(Cluster(home=tmp_path, account=None), binaries)
