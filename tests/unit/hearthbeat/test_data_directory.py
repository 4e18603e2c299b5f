from pathlib import Path

import pytest

from hearthbeat import running
from hearthbeat.data_directory import in_use, opened
from hearthbeat.demo import keepsakes
from hearthbeat.errors import DataDirectoryError, NotRunning
from hearthbeat.running import Broker, Ready, SignIn


def ready(data: Path) -> Ready:
    return Ready(
        console="http://127.0.0.1:8080/",
        api="http://127.0.0.1:8080/api/v1",
        fhir="http://127.0.0.1:8080/fhir",
        mqtt=Broker(host="127.0.0.1", port=1883),
        database="postgresql:///x",
        users={"nurse": SignIn(username="nurse", password="p")},
        data=str(data),
        version="0",
    )


def test_what_is_in_it_is_private(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as directory:
        for part in (directory.path, directory.run, directory.logs, directory.homes):
            assert part.stat().st_mode & 0o077 == 0


def test_its_parents_and_itself_keep_their_modes(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    before = tmp_path.stat().st_mode
    with opened(tmp_path / "data") as directory:
        assert directory.path.stat().st_mode & 0o777 == 0o755
    assert tmp_path.stat().st_mode == before


def test_no_link_leads_the_lock_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataDirectoryError, match="cannot be used"), opened(tmp_path / "data"):
        raise AssertionError("opened through a link")
    assert not (tmp_path / "elsewhere").exists()


def test_two_systems_do_not_share_one(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(DataDirectoryError, match="in use by another"):  # noqa: SIM117
        with opened(tmp_path):
            pass
    with opened(tmp_path):
        assert in_use(tmp_path)
    assert not in_use(tmp_path)
    assert not in_use(tmp_path / "none")


def test_a_place_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirectoryError, match="choose another with --data"):  # noqa: SIM117
        with opened(tmp_path / "file" / "data"):
            pass


def test_a_running_system_is_found_by_its_directory_or_as_the_latest(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with opened(tmp_path / "data") as directory:
        assert running.find(data=directory.path, state=state) is None
        running.publish(ready(directory.path), [directory.ready_file])
        entry = running.enlist(state, directory.path)
        assert running.find(data=directory.path, state=state) == ready(directory.path)
        assert running.find(data=None, state=state) == ready(directory.path)
        assert entry.stat().st_mode & 0o777 == 0o600
    # It left without a word: the files are there, the lock is not held.
    assert running.find(data=None, state=state) is None


def test_the_ready_file_is_for_its_owner_and_has_the_promised_keys(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "ready.json"
    running.publish(ready(tmp_path), [file])
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    for key in ("console", "api", "fhir", "mqtt", "host", "port", "tls", "database", "users"):
        assert f'"{key}"' in text
    running.withdraw([file])
    assert not file.exists()


def test_a_torn_ready_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text("{")
    with pytest.raises(NotRunning, match="cannot be read"):
        running.read(tmp_path / "ready.json")


@pytest.mark.parametrize("content", [b"", b"{bad", b"[]", b"\xff"])
def test_damaged_keepsakes_are_said_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "signins.json").write_bytes(content)
    with pytest.raises(DataDirectoryError, match="is damaged"):
        keepsakes.load(tmp_path / "signins.json")
