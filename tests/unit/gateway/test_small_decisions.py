import pytest
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError

from gateway import bonding
from gateway.device_book import Bond, DeviceNotes
from gateway.radio_errors import Meaning, meaning
from gateway.scan_watch import Remedy, remedy
from gateway.settings import RadioRules
from gateway.stored_records import Arrived, Ask, was_reset, what_to_ask
from gateway.watchdogs import Verdict, verdict

RULES = RadioRules()
KEYS_GONE = Meaning.BOND_REFUSED


@pytest.mark.parametrize(
    ("silent_s", "last", "found"),
    [
        (89, Remedy.NONE, Remedy.NONE),
        (90, Remedy.NONE, Remedy.RESTART_SCAN),
        (91, Remedy.RESTART_SCAN, Remedy.NONE),
        (179, Remedy.RESTART_SCAN, Remedy.NONE),
        (180, Remedy.RESTART_SCAN, Remedy.RESET_ADAPTER),
        (181, Remedy.RESET_ADAPTER, Remedy.NONE),
        (899, Remedy.RESET_ADAPTER, Remedy.NONE),
        (900, Remedy.RESET_ADAPTER, Remedy.GIVE_UP),
    ],
)
def test_a_silent_radio_is_restarted_then_reset_then_given_up(
    silent_s: float, last: Remedy, found: Remedy
) -> None:
    assert remedy(RULES, silent_s=silent_s, last=last) is found


def test_where_silence_is_normal_nobody_gives_up() -> None:
    rules = RadioRules(exit_when_silent=False)
    assert remedy(rules, silent_s=10_000, last=Remedy.RESET_ADAPTER) is Remedy.NONE


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (BleakGATTProtocolError(0x05), Meaning.NEEDS_BOND),
        (BleakGATTProtocolError(0x0F), Meaning.NEEDS_BOND),
        (BleakGATTProtocolError(0x80), Meaning.BUSY),
        (BleakGATTProtocolError(0xFE), Meaning.BUSY),
        (BleakGATTProtocolError(0x81), Meaning.NOT_SUBSCRIBED),
        (BleakGATTProtocolError(0xFD), Meaning.NOT_SUBSCRIBED),
        (BleakGATTProtocolError(0x03), Meaning.OTHER),
        (BleakDBusError("org.bluez.Error.AuthenticationFailed", []), Meaning.BOND_REFUSED),
        (
            BleakDBusError("org.bluez.Error.Failed", ["le-connection-key-missing"]),
            Meaning.BOND_REFUSED,
        ),
        (BleakDBusError("org.bluez.Error.NotAuthorized", []), Meaning.NEEDS_BOND),
        (BleakDBusError("org.bluez.Error.InProgress", []), Meaning.BUSY),
        (BleakDBusError("org.bluez.Error.Failed", ["x"]), Meaning.GONE),
        (BleakError("Not connected"), Meaning.GONE),
        (TimeoutError(), Meaning.GONE),
        (ValueError(), Meaning.OTHER),
    ],
)
def test_errors_mean_the_same_whoever_says_them(error: Exception, found: Meaning) -> None:
    assert meaning(error) is found


def notes(bond: Bond) -> DeviceNotes:
    return DeviceNotes(address="A0:B1:C2:D3:E4:F5", bond=bond, trouble="something")


@pytest.mark.parametrize(
    ("before", "while_pairing", "after"),
    [
        (Bond.UNKNOWN, False, Bond.REMOVED),
        (Bond.GOOD, False, Bond.REMOVED),
        (Bond.REMOVED, False, Bond.LOST),
        (Bond.LOST, False, Bond.LOST),
        (Bond.UNKNOWN, True, Bond.LOST),
        (Bond.REMOVED, True, Bond.LOST),
    ],
)
def test_a_bond_is_removed_once_and_then_a_person_is_asked(
    before: Bond, *, while_pairing: bool, after: Bond
) -> None:
    found = bonding.refused(notes(before), while_pairing=while_pairing)
    assert found.bond is after
    assert (found.trouble == bonding.HOLD_THE_BUTTON) is (after is Bond.LOST)


def test_a_bond_that_works_ends_the_trouble() -> None:
    found = bonding.worked(notes(Bond.LOST))
    assert found.bond is Bond.GOOD
    assert found.trouble is None


@pytest.mark.parametrize(
    ("last", "held", "ask"),
    [
        (None, 0, Ask.NOTHING),
        (7, 0, Ask.NOTHING),
        (None, None, Ask.ALL),
        (None, 5, Ask.ALL),
        (7, 5, Ask.SINCE_LAST),
        (7, None, Ask.SINCE_LAST),
        (64_999, 5, Ask.SINCE_LAST),
        (65_000, 5, Ask.ALL),
        (65_535, 5, Ask.ALL),
    ],
)
def test_a_meter_is_asked_for_what_is_new(last: int | None, held: int | None, ask: Ask) -> None:
    assert what_to_ask(last=last, held=held) is ask


@pytest.mark.parametrize(
    ("answer", "anchor_seen", "reset"), [(1, True, False), (1, False, True), (6, False, True)]
)
def test_a_meter_that_forgot_the_last_record_was_reset(
    answer: int, *, anchor_seen: bool, reset: bool
) -> None:
    assert was_reset(answer, Arrived(anchor_seen=anchor_seen)) is reset


@pytest.mark.parametrize(
    ("connected", "in_vain", "no_attempt_s", "found"),
    [
        (True, 0, 0, Verdict.FINE),
        (True, 2, 0, Verdict.FINE),
        (True, 3, 0, Verdict.NO_ANSWERS),
        (False, 9, 299, Verdict.FINE),
        (False, 0, 300, Verdict.NO_ATTEMPTS),
    ],
)
def test_a_line_is_dead_when_it_does_not_try_or_nobody_answers(
    *, connected: bool, in_vain: int, no_attempt_s: float, found: Verdict
) -> None:
    verdict_ = verdict(
        connected=connected, in_vain=in_vain, no_attempt_s=no_attempt_s, patience_s=300
    )
    assert verdict_ is found
