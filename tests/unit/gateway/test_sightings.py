import pytest
from bleak.backends.device import BLEDevice

from device_profiles.catalog import GENERIC, by_name
from gateway.device_book import Bond, DeviceNotes
from gateway.sightings import HoldOff, Sighting, after_visit, next_visit

ADDRESS = "A0:B1:C2:D3:E4:F5"


def sighting(
    address: str = ADDRESS, *, known: bool = True, first: float = 0, last: float = 100
) -> Sighting:
    return Sighting(
        device=BLEDevice(address, "cuff", {}),
        profile=GENERIC,
        known=known,
        first_heard=first,
        last_heard=last,
    )


def chosen(*seen: Sighting, held: dict[str, HoldOff] | None = None, now: float = 100) -> str | None:
    found = next_visit({one.device.address: one for one in seen}, held or {}, now=now)
    return None if found is None else found.device.address


def held_off(before: HoldOff | None = None, *, news: int = 0, **changes: object) -> HoldOff:
    notes = DeviceNotes(address=ADDRESS, bond=Bond(str(changes.pop("bond", "good"))))
    return after_visit(
        before or HoldOff(),
        profile=by_name("and-uc-352ble"),
        notes=notes,
        news=news,
        only_streamed=bool(changes.pop("only_streamed", False)),
        now=1000,
        chance=1.0,
    )


def test_whoever_waited_longest_is_next() -> None:
    assert chosen(sighting("B", first=2), sighting("A", first=1)) == "A"


def test_the_homes_own_devices_come_before_strangers() -> None:
    assert chosen(sighting("B", known=False, first=1), sighting("A", first=2)) == "A"


@pytest.mark.parametrize(("now", "found"), [(129, "A"), (130, "A"), (131, None)])
def test_who_was_not_heard_for_half_a_minute_is_gone(now: float, found: str | None) -> None:
    assert chosen(sighting("A", last=100), now=now) == found


@pytest.mark.parametrize(("until", "found"), [(99, "A"), (100, "A"), (101, None)])
def test_who_is_held_off_waits(until: float, found: str | None) -> None:
    assert chosen(sighting("A"), held={"A": HoldOff(until=until)}) == found


def test_a_visit_with_news_is_followed_by_the_profiles_holdoff() -> None:
    assert held_off(HoldOff(in_vain=4), news=3) == HoldOff(until=1015, in_vain=0)


def test_visits_in_vain_become_rarer_up_to_five_minutes() -> None:
    waits = []
    found = HoldOff()
    for _ in range(8):
        found = held_off(found)
        waits.append(found.until - 1000)
    assert waits == [15, 20, 40, 80, 160, 300, 300, 300]


def test_a_device_whose_bond_is_lost_is_tried_each_minute() -> None:
    found = held_off(HoldOff(in_vain=7), bond="lost")
    assert found.until == 1060


def test_a_device_that_only_streams_is_not_held_for_ever() -> None:
    assert held_off(news=5, only_streamed=True).until == 1060
