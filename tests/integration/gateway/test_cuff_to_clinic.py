import datetime as dt

from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from vitals.reading import TimeQuality


async def test_a_reading_travels_from_the_cuff_to_the_clinic(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await radio.add(Cuff(address="A0:B1:C2:D3:E4:F5", profile="and-ua-651ble", zone=HOME))
    await cuff.measure(systolic=128, diastolic=81, pulse=71)

    async with start_hub():
        await until(lambda: clinic.stored)

    (reading,) = clinic.stored.values()
    assert reading.values == {"systolic": 128, "diastolic": 81, "pulse": 71}
    assert reading.device == "A0:B1:C2:D3:E4:F5"
    assert reading.time_quality is TimeQuality.DEVICE
    assert abs((dt.datetime.now(dt.UTC) - reading.measured_at).total_seconds()) < 30
    assert reading.seq == 1
    assert reading.clock_drift_s is not None
    assert abs(reading.clock_drift_s) < 2
