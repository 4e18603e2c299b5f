import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthbeat.embedded.broker_access import (
    INGEST,
    READ,
    WRITE,
    acl_file,
    allowed,
    fits,
    hashed,
    password_file,
    read_password_file,
)
from wire import topics


def may(user: str | None, what: str, topic: str, *, open_door: bool = False) -> bool:
    return allowed(user, what, topic, open_door=open_door)


def test_a_gateway_speaks_under_its_own_id_only() -> None:
    assert may("gw-1", WRITE, topics.readings("gw-1"))
    assert may("gw-1", WRITE, topics.status("gw-1"))
    assert may("gw-1", READ, topics.receipts("gw-1"))
    assert may("gw-1", READ, topics.commands("gw-1"))
    assert not may("gw-1", WRITE, topics.readings("gw-2"))
    assert not may("gw-1", READ, topics.receipts("gw-2"))


def test_a_gateway_cannot_forge_receipts_nor_read_readings() -> None:
    assert not may("gw-1", WRITE, topics.receipts("gw-1"))
    assert not may("gw-1", WRITE, topics.commands("gw-1"))
    assert not may("gw-1", READ, topics.READINGS_FILTER)
    assert not may("gw-1", READ, "#")
    assert not may("gw-1", READ, "hearthbeat/v1/+/receipts")


def test_ingest_reads_all_and_answers_all() -> None:
    assert may(INGEST, READ, topics.READINGS_FILTER)
    assert may(INGEST, READ, topics.STATUS_FILTER)
    assert may(INGEST, WRITE, topics.receipts("any"))
    assert may(INGEST, WRITE, topics.commands("any"))
    assert not may(INGEST, WRITE, topics.readings("any"))


def test_no_gateway_can_have_the_name_of_ingest() -> None:
    assert not topics.GATEWAY_ID.match(INGEST)


def test_without_a_name_nothing_is_allowed_unless_the_door_is_open() -> None:
    assert not may(None, WRITE, topics.readings("gw-1"))
    assert may(None, WRITE, topics.readings("gw-1"), open_door=True)
    assert may(None, READ, topics.receipts("gw-1"), open_door=True)
    assert not may(None, WRITE, topics.receipts("gw-1"), open_door=True)
    assert not may(None, WRITE, topics.commands("gw-1"), open_door=True)


def test_a_name_with_wildcards_gets_nothing() -> None:
    assert not may("+", WRITE, topics.readings("gw-1"))
    assert not may("#", READ, topics.receipts("gw-1"))


def test_the_open_door_stands_before_the_first_user() -> None:
    closed, opened = acl_file(open_door=False), acl_file(open_door=True)
    assert "topic" not in closed.partition("user")[0]
    assert opened.partition("user")[0].count("topic") == 4
    assert "pattern write hearthbeat/v1/%u/readings" in closed


@given(st.text(min_size=1))
def test_a_password_fits_its_own_hash_and_no_other(password: str) -> None:
    kept = hashed(password)
    assert fits(password, kept)
    assert not fits(password + "x", kept)


def test_a_hash_is_what_mosquitto_writes() -> None:
    # Made by mosquitto_passwd 2.0.11.
    assert hashed("secret", salt=b"123456789012").startswith("$7$101$MTIzNDU2Nzg5MDEy$")


@pytest.mark.parametrize("kept", ["", "plain", "$6$x$y", "$7$101$!!$", "$7$no$MTI=$MTI="])
def test_another_kind_of_hash_never_fits(kept: str) -> None:
    assert not fits("", kept)
    assert not fits("plain", kept)


def test_the_password_file_reads_back() -> None:
    hashes = {"gw-1": hashed("a"), INGEST: hashed("b")}
    assert read_password_file(password_file(hashes)) == hashes
