"""What simulated kits say of themselves."""

import datetime as dt

from hearthbeat.demo import hubs
from simulator.people_cast import cast

ANCHOR = dt.datetime(2026, 11, 22, 13, 5, tzinfo=dt.UTC)
EVERYBODY = cast(2026, 40)


def test_whose_battery_is_low_was_on_the_air_to_say_so() -> None:
    """Else its alert would begin on the day on which the kit was handed out, half a year ago."""
    devices = [
        device
        for each in EVERYBODY
        for device in hubs.status(each, anchor=ANCHOR, now=ANCHOR).devices
    ]
    low = [each for each in devices if each.battery is not None and each.battery <= 20]
    assert low
    assert {each.last_seen for each in low} == {ANCHOR}
