"""What gateways are told, and what must not keep the others from being told."""

from ingest.commands import Announcer
from tests.unit.ingest.fakes import FakeConsumer
from wire import topics
from wire.codec import decode_commands
from wire.messages import Commands, KnownDevice

CUFF = KnownDevice(device="A0:B1:C2:D3:E4:F5", passkey="012345")


def test_a_device_that_cannot_be_told_leaves_the_rest_of_the_commands() -> None:
    line = FakeConsumer()
    odd = KnownDevice(device="A0:B1:C2:D3:E4:F6", passkey="1")
    announced = Announcer(line).announce(
        {
            "gw-1": Commands(devices=[CUFF, odd], resend_from=7, time_zone="Europe/Berlin"),
            "gw-2": Commands(devices=[CUFF]),
        }
    )
    assert announced == 2
    said = {topic: decode_commands(payload) for topic, payload, _ in line.published}
    assert said == {
        topics.commands("gw-1"): Commands(resend_from=7, time_zone="Europe/Berlin"),
        topics.commands("gw-2"): Commands(devices=[CUFF]),
    }
