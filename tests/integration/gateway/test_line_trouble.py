import asyncio
import datetime as dt

from gateway.opening import open_outbox
from gateway.outbox import Outbox
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from simulator.traits import made_up_udi
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import GATEWAY, HOME, StartHub
from tests.integration.wire.mosquitto import Mosquitto
from wire.messages import Commands, KnownDevice, Presence, TimePolicy

CUFF = "A0:B1:C2:D3:E4:F5"


async def measured(radio: VirtualRadio, *systolic: float) -> Cuff:
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    for value in systolic:
        await cuff.measure(systolic=value, diastolic=80)
    return cuff


async def receipts_taken(clinic: Clinic) -> None:
    """The hub says that nothing waits any more."""
    clinic.statuses.clear()
    await until(lambda: clinic.statuses and clinic.statuses[-1][1].queue_depth == 0)


async def test_what_is_measured_while_the_broker_is_away_arrives_afterwards(
    radio: VirtualRadio, broker: Mosquitto, clinic: Clinic, start_hub: StartHub
) -> None:
    async with start_hub():
        await until(lambda: clinic.statuses)
        broker.kill()
        cuff = await measured(radio, 120, 121)
        await until(lambda: cuff.sessions == 1)
        broker.start()
        await until(lambda: len(clinic.stored) == 2)


async def test_readings_without_a_receipt_are_sent_again(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    clinic.answers = False
    await measured(radio, 120)

    async with start_hub():
        await until(lambda: len(clinic.received) >= 2)
        clinic.answers = True
        await until(lambda: clinic.stored)

    first, second, *_ = clinic.received
    assert first == second, "resends are the same bytes"


async def test_what_was_not_receipted_is_sent_by_the_next_process(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    clinic.answers = False
    await measured(radio, 120, 121)
    async with start_hub():
        await until(lambda: len(clinic.received) >= 2)
    clinic.answers = True

    async with start_hub():
        await until(lambda: len(clinic.stored) == 2)

    assert sorted(one.seq or 0 for one in clinic.stored.values()) == [1, 2]


async def test_the_clinic_asks_for_everything_from_a_number_on(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    await measured(radio, 120, 121, 122)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 3)
        clinic.stored.clear()
        clinic.received.clear()
        assert clinic.command(GATEWAY, Commands(resend_from=2))
        await until(lambda: len(clinic.stored) == 2)

    assert [one.seq for one in clinic.received] == [2, 3]


async def test_a_retained_request_is_carried_out_once(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    await measured(radio, 120)
    async with start_hub():
        await until(lambda: len(clinic.stored) == 1)
        assert clinic.command(GATEWAY, Commands(resend_from=1))
        await until(lambda: len(clinic.received) == 2)
        await receipts_taken(clinic)

    async with start_hub():
        await until(lambda: clinic.statuses[-1][1].state is Presence.ONLINE)
        await asyncio.sleep(1)

    assert len(clinic.received) == 2


async def test_the_clinic_names_devices_zone_and_clock_policy(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    async with start_hub(adopt_unknown=False):
        await until(lambda: clinic.statuses)
        cuff = await measured(radio, 120)
        await asyncio.sleep(0.5)
        assert cuff.sessions == 0, "a stranger is left alone"
        commands = Commands(
            devices=[KnownDevice(device=CUFF, profile="generic")],
            time_zone="Pacific/Auckland",
            time_policy=TimePolicy(set_clocks=False),
        )
        assert clinic.command(GATEWAY, commands)
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert reading.measured_at.utcoffset() == dt.timedelta(hours=13)
    assert cuff.clock.times_set == 0


async def test_the_status_shows_queue_devices_and_the_end(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    await measured(radio, 120)

    async with start_hub():
        await until(lambda: clinic.stored)
        await until(lambda: clinic.statuses and clinic.statuses[-1][1].devices)
        gateway, online = clinic.statuses[-1]
    await until(lambda: clinic.statuses[-1][1].state is Presence.OFFLINE)

    assert gateway == GATEWAY
    (device,) = online.devices
    assert (device.device, device.battery) == (CUFF, 90)
    assert device.udi == made_up_udi("generic", "000001")
    assert device.clock_drift_s is not None
    assert abs(device.clock_drift_s) < 2
    assert clinic.statuses[-1][1].last_seq == 1
    assert clinic.statuses[-1][1].queue_depth == 0


async def test_a_backlog_goes_in_large_messages(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    clinic.answers = False
    cuff = await measured(radio, *range(100, 160))
    async with start_hub() as hub:
        await until(lambda: cuff.sessions == 1 and not cuff.is_connected)
        await until(lambda: len(clinic.received) >= 60)
    clinic.answers = True
    clinic.received.clear()

    async with start_hub():
        await until(lambda: len(clinic.stored) == 60)
        await receipts_taken(clinic)

    file = open_outbox(hub.settings.data_dir, ballast_bytes=1024, now=dt.datetime.now(dt.UTC))
    outbox = Outbox(file, hub.settings.data_dir)
    assert outbox.states() == {"committed": 60}
    assert outbox.last_seq == 60
    file.close()
