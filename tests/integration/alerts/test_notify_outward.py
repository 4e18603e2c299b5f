"""Where messages may go to."""

import pytest

from alerts.telling.notify import outward
from alerts.telling.notify.message import Failed, Sent
from alerts.telling.notify.over_http import HttpClient, Request
from tests.integration.alerts.sending import Server


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "2002:a9fe:a9fe::", "fd00:ec2::254",
     "100.100.100.200", "fe80::1%2", "::", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
async def test_no_message_goes_to_where_a_machine_is_given_its_keys(address: str) -> None:
    assert not outward.may_go(address)


async def test_every_address_that_is_connected_to_is_asked_about(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(outward, "may_go", asked.append)
    url = server.url.replace("127.0.0.1", "localhost")
    async with outward.session() as session:
        for each in (server.url, url):
            found, _ = await HttpClient(session).post(Request(url=each))
            assert isinstance(found, Failed)
            assert found.again
    assert "127.0.0.1" in asked
    assert server.taken == []


async def test_this_machine_and_the_clinics_network_are_allowed(server: Server) -> None:
    async with outward.session() as session:
        found, _ = await HttpClient(session).post(Request(url=server.url))
    assert isinstance(found, Sent)
    assert outward.may_go("192.168.1.5")
