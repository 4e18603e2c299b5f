from pathlib import Path

import pytest

from hearthbeat.embedded import mosquitto, orphans
from hearthbeat.embedded.binaries import Binaries, choose
from hearthbeat.embedded.cluster import Cluster
from hearthbeat.errors import BinariesMissing

EMBEDDED_18 = Binaries(directory=Path("/wheel"), major=18, embedded=True)
SYSTEM_15 = Binaries(directory=Path("/usr/15"), major=15, embedded=False)
SYSTEM_17 = Binaries(directory=Path("/usr/17"), major=17, embedded=False)


def test_a_new_directory_gets_the_embedded_binaries() -> None:
    assert choose([SYSTEM_17, EMBEDDED_18], major=None, preference="auto") == EMBEDDED_18


def test_without_them_the_newest_of_the_system() -> None:
    assert choose([SYSTEM_15, SYSTEM_17], major=None, preference="auto") == SYSTEM_17


def test_a_directory_is_opened_by_the_version_that_made_it() -> None:
    assert choose([EMBEDDED_18, SYSTEM_15], major=15, preference="auto") == SYSTEM_15


def test_a_directory_of_a_version_that_is_not_here_is_refused_in_words() -> None:
    with pytest.raises(BinariesMissing, match="made by PostgreSQL 18, and here is 15, 17"):
        choose([SYSTEM_15, SYSTEM_17], major=18, preference="auto")


def test_a_wish_is_kept_or_refused() -> None:
    assert choose([EMBEDDED_18, SYSTEM_15], major=None, preference="system") == SYSTEM_15
    with pytest.raises(BinariesMissing, match="hearthbeat\\[demo\\]"):
        choose([SYSTEM_15], major=None, preference="embedded")
    with pytest.raises(BinariesMissing, match="HB_DATABASE_URL"):
        choose([], major=None, preference="auto")


def test_a_process_is_an_orphan_only_if_it_bears_the_clusters_name(tmp_path: Path) -> None:
    cluster = Cluster(home=Path("/data/postgres"), account=None)
    for number, title in (
        ("11", f"/x/postgres\0-c\0cluster_name={cluster.name}\0"),
        ("12", f"postgres: {cluster.name}: checkpointer "),
        ("13", "postgres: another: checkpointer"),
        ("14", f"vim\0{cluster.name}"),
        ("15", ""),
        ("self", f"postgres: {cluster.name}"),
    ):
        (tmp_path / number).mkdir()
        (tmp_path / number / "cmdline").write_text(title)
    assert orphans.living(cluster.name, proc=tmp_path) == [11, 12]
    assert orphans.living(cluster.name, proc=tmp_path / "none") == []


def test_two_directories_have_two_names() -> None:
    one = Cluster(home=Path("/data/a"), account=None)
    assert one.name != Cluster(home=Path("/data/b"), account=None).name


def test_the_broker_listens_here_only_and_keeps_nothing() -> None:
    lines = mosquitto.configuration(port=1884, open_door=False).splitlines()
    assert "listener 1884 127.0.0.1" in lines
    assert "allow_anonymous false" in lines
    assert "persistence false" in lines
    assert "max_queued_messages 100000" in lines
    assert "allow_anonymous true" in mosquitto.configuration(port=1, open_door=True)
