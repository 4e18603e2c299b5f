from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.bonding import refused
from gateway.clock import ClockRules
from gateway.commands import CommandBook, HomePolicy
from gateway.device_book import Bond, DeviceBook
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from tests.unit.gateway.builders import CUFF, NOW, opened, outbox_in, reading
from wire.codec import encode
from wire.errors import Unreadable
from wire.messages import Commands, KnownDevice, Receipts, TimePolicy

HERE = HomePolicy(zone=ZoneInfo("America/New_York"), rules=ClockRules())


def book_of(file: OutboxFile, outbox: Outbox) -> CommandBook:
    return CommandBook(file, outbox, DeviceBook(file), policy=HERE)


def receipted(directory: Path, count: int) -> tuple[OutboxFile, Outbox]:
    file, outbox = outbox_in(directory)
    kept = outbox.add(*[reading(number) for number in range(count)], now=NOW)
    outbox.settle(Receipts(committed=[one.id for one in kept]), now=NOW)
    return file, outbox


def test_a_retained_repeat_is_carried_out_once(tmp_path: Path) -> None:
    file, outbox = receipted(tmp_path, 3)
    payload = encode(Commands(resend_from=2))
    assert book_of(file, outbox).obey(payload, retained=True) == 2
    outbox.settle(Receipts(committed=[one.id for one in outbox.pending_from(0, most=9)]), now=NOW)
    assert book_of(file, outbox).obey(payload, retained=True) == 0
    file.close()


def test_a_repeat_that_is_said_again_is_carried_out_again(tmp_path: Path) -> None:
    file, outbox = receipted(tmp_path, 3)
    payload = encode(Commands(resend_from=2))
    book = book_of(file, outbox)
    assert book.obey(payload, retained=False) == 2
    outbox.settle(Receipts(committed=[one.id for one in outbox.pending_from(0, most=9)]), now=NOW)
    assert book.obey(payload, retained=False) == 2
    file.close()


def test_the_zone_and_the_clock_policy_survive_a_restart(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    said = Commands(
        time_zone="Pacific/Auckland",
        time_policy=TimePolicy(set_clocks=False, agree_within_s=30),
    )
    book_of(file, outbox).obey(encode(said), retained=True)
    book_of(file, outbox).obey(encode(Commands(resend_from=1)), retained=True)
    file.close()

    file = opened(tmp_path)
    policy = book_of(file, Outbox(file, tmp_path)).policy
    assert policy.zone.key == "Pacific/Auckland"
    assert not policy.set_clocks
    assert policy.rules.agrees_s == 30
    file.close()


def test_an_unknown_zone_changes_nothing(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    book = book_of(file, outbox)
    book.obey(encode(Commands(time_zone="Mars/Olympus")), retained=True)
    assert book.policy == HERE
    file.close()


def test_what_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    book = book_of(file, outbox)
    with pytest.raises(Unreadable):
        book.obey(b'{"v":2}', retained=False)
    assert book.policy == HERE
    file.close()


def test_the_clinics_list_replaces_the_one_before_and_keeps_what_was_seen(tmp_path: Path) -> None:
    file, _ = outbox_in(tmp_path)
    devices = DeviceBook(file)
    devices.know([KnownDevice(device=CUFF.lower(), profile="generic", passkey="012345")])
    devices.note(refused(devices.page(CUFF), while_pairing=True))
    devices.know([KnownDevice(device="C8:47:8C:00:00:02")])
    for book in (devices, DeviceBook(file)):
        page = book.page(CUFF)
        assert (page.known, page.profile, page.passkey) == (False, "", None)
        assert page.bond is Bond.LOST
        assert book.page("c8:47:8c:00:00:02").known
    file.close()


def test_a_lost_bond_is_told_to_the_clinic(tmp_path: Path) -> None:
    file, _ = outbox_in(tmp_path)
    devices = DeviceBook(file)
    devices.know([KnownDevice(device=CUFF)])
    devices.note(refused(devices.page(CUFF), while_pairing=True))
    (status,) = devices.statuses()
    assert status.trouble == "bond_lost"
    file.close()


def test_a_passkey_does_not_show(tmp_path: Path) -> None:
    file, _ = outbox_in(tmp_path)
    devices = DeviceBook(file)
    devices.know([KnownDevice(device=CUFF, passkey="271828")])
    assert "271828" not in repr(devices.page(CUFF))
    file.close()


def test_strangers_are_forgotten_before_they_fill_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.device_book.MOST_DEVICES", 2)
    monkeypatch.setattr("gateway.device_book.MOST_STRANGERS", 3)
    file, _ = outbox_in(tmp_path)
    devices = DeviceBook(file)
    devices.know([KnownDevice(device=CUFF)])
    for number in range(12):
        devices.note(devices.page(f"00:00:00:00:00:{number:02X}"))
    ((count,),) = file.write(lambda c: c.execute("SELECT count(*) FROM devices").fetchall())
    assert count <= 6
    assert devices.page(CUFF).known
    file.close()
