"""Topics and the broker's address."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire.samples import UNHURRIED
from wire import topics
from wire.address import BrokerAddress, TlsFiles
from wire.errors import BadAddress, BadTopic

gateway_ids = st.from_regex(topics.GATEWAY_ID, fullmatch=True)


@UNHURRIED
@given(gateway_ids)
def test_every_topic_is_parsed_back(gateway: str) -> None:
    for make in (topics.readings, topics.receipts, topics.status, topics.commands):
        found, leaf = topics.parse(make(gateway))
        assert (found, leaf.value) == (gateway, make.__name__)


@pytest.mark.parametrize("length", [1, 63, 64])
def test_a_gateway_id_has_up_to_64_characters(length: int) -> None:
    assert topics.readings("g" * length).endswith("/readings")


@pytest.mark.parametrize(
    "gateway", ["", "g" * 65, "+", "#", "a/b", "-a", "a b", "a\n", "é", "$SYS"]
)
def test_what_could_be_a_wildcard_or_a_path_is_no_gateway_id(gateway: str) -> None:
    with pytest.raises(BadTopic):
        topics.readings(gateway)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "hearthbeat/v1/gw/readings/more",
        "hearthbeat/v1/gw",
        "hearthbeat/v2/gw/readings",
        "hearthbeat/v1/+/readings",
        "hearthbeat/v1/gw/secrets",
        "hearthbeat/v1/gw\x00/readings",
    ],
)
def test_other_topics_are_refused(topic: str) -> None:
    with pytest.raises(BadTopic):
        topics.parse(topic)


def test_a_filter_can_be_shared() -> None:
    assert topics.shared(topics.READINGS_FILTER) == "$share/ingest/hearthbeat/v1/+/readings"


@pytest.mark.parametrize("group", ["", "a/b", "+", "#"])
def test_a_group_name_has_no_wildcards(group: str) -> None:
    with pytest.raises(BadTopic):
        topics.shared(topics.READINGS_FILTER, group)


def test_an_address_from_a_url() -> None:
    address = BrokerAddress.from_url("mqtt://gw-1:s%40fe@broker.example:1884")
    assert address == BrokerAddress(
        host="broker.example", port=1884, username="gw-1", password="s@fe"
    )


@pytest.mark.parametrize(
    ("url", "port", "secure"),
    [("mqtt://h", 1883, False), ("mqtts://h", 8883, True), ("mqtts://[::1]:9/", 9, True)],
)
def test_ports_and_tls_follow_the_scheme(url: str, port: int, *, secure: bool) -> None:
    address = BrokerAddress.from_url(url)
    assert (address.port, address.tls is not None) == (port, secure)


def test_a_secret_from_a_file_goes_first() -> None:
    address = BrokerAddress.from_url("mqtt://u:old@h", password="new")
    assert address.password == "new"


def test_the_password_never_shows() -> None:
    address = BrokerAddress.from_url("mqtt://gw-1:s3cret@broker.example")
    assert "s3cret" not in f"{address!r} {address} {address.shown}"
    assert "gw-1" not in address.shown


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h:1883",
        "http://h",
        "mqtt://",
        "mqtt://h:0",
        "mqtt://h:70000",
        "mqtt://u:s3cret@h:x",
        "mqtt://h/path",
        "mqtt://h?x=1",
        "mqtt://[::1",
    ],
)
def test_other_urls_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        BrokerAddress.from_url(url)
    assert "s3cret" not in str(caught.value)


def test_tls_files_without_tls_are_a_mistake() -> None:
    with pytest.raises(BadAddress, match="mqtts"):
        BrokerAddress.from_url("mqtt://h", tls=TlsFiles(ca=Path("ca.pem")))
