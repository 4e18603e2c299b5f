"""A hub that its clinic does not let in goes on measuring, and says in its log what is wrong."""

from pathlib import Path

from structlog.testing import capture_logs

from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import until
from tests.integration.gateway.conftest import HOME, StartHub
from tests.integration.wire.mosquitto import Mosquitto


async def test_a_hub_that_was_revoked_says_so_and_keeps_what_it_measures(
    radio: VirtualRadio, start_hub: StartHub, tmp_path: Path
) -> None:
    (tmp_path / "shut").mkdir()
    shut = Mosquitto(tmp_path / "shut", anonymous=False)
    shut.start()
    cuff = await radio.add(Cuff(address="A0:B1:C2:D3:E4:F5", zone=HOME))
    await cuff.measure(systolic=120, diastolic=80)
    try:
        with capture_logs() as logs:
            async with start_hub(mqtt=shut.address) as hub:
                await until(lambda: hub.progress.readings_held == 1)
                await until(
                    lambda: any("does not let this hub in" in line["event"] for line in logs)
                )
    finally:
        shut.kill()
    (said,) = [line for line in logs if "does not let this hub in" in line["event"]]
    assert "revoked" in said["why"]
    assert "gateway join --replace" in said["to_do"]
