"""From a first high value to the confirmed alert, over a real broker and the virtual radio."""

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.evaluating.evaluation import Memory, evaluate_batch
from care.plans import set_plan
from care.registry import add_device, assign
from gateway.hub import Hub
from gateway.prompt import FILE, HomePrompt
from gateway.settings import ForwardRules, GatewaySettings, RadioRules
from ingest import upkeep
from simulator import home as simulated
from simulator.household import DeviceKind, household
from simulator.radio import VirtualRadio
from simulator.schedule import Act
from store.pool import Pool
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import LONG_AGO, Home
from wire.address import BrokerAddress
from wire.messages import MeasureAgain

ZONE = ZoneInfo("America/New_York")
CUFF = "A0:B1:C2:D3:E4:F5"
DAY = dt.timedelta(days=1)


async def until(true: Callable[[], Coroutine[Any, Any, object]], *, within_s: float = 30) -> None:
    async with asyncio.timeout(within_s):
        while not await true():  # noqa: ASYNC110 - asked of a database
            await asyncio.sleep(0.05)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "WATCH_EVERY_S", 0.2)


async def planned(pool: Pool, *, programme: str = "hypertension-esh") -> UUID:
    """The clinic's one patient is watched."""
    now = dt.datetime.now(dt.UTC)
    async with pool.acquire() as conn:
        ((patient, whose),) = await conn.fetch("SELECT id, organisation_id FROM patients")
        await set_plan(
            conn, whose, patient, programme=programme, overrides={}, effective_from=now - 60 * DAY,
            reason="enrolled", actor=None, now=now, allow_backdate=True,
        )  # fmt: skip
    return UUID(str(patient))


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def evaluating(pool: Pool) -> None:
    memory = Memory()
    while True:
        await evaluate_batch(pool, memory, now=dt.datetime.now(dt.UTC))
        await asyncio.sleep(0.1)


class Heard:
    """As in the demonstration: shown, and the people hear of it."""

    def __init__(self, people: simulated.Home, shown: HomePrompt) -> None:
        self._people = people
        self._shown = shown
        self.requests: list[tuple[MeasureAgain, ...]] = []

    async def show(self, requests: Sequence[MeasureAgain]) -> None:
        self.requests.append(tuple(requests))
        await self._shown.show(requests)
        for each in requests:
            self._people.ask_again(each.device, until=each.until)


async def test_the_home_is_told_while_a_repeat_is_awaited_and_no_longer(
    ingest: Ingest, clinic: Pool, home: Home
) -> None:
    patient = await planned(clinic)
    until_then = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)

    async def told(*wanted: MeasureAgain) -> None:
        async def said() -> bool:
            return bool(home.commands) and [*(home.commands[-1].measure_again or [])] == [*wanted]

        await until(said)

    async with ingest():
        await told()
        async with clinic.acquire() as conn:
            await conn.execute(
                "INSERT INTO repeat_requests (organisation_id, patient_id, alert_id, gateway_id,"
                " device, kind, asked_at, until) SELECT organisation_id, id, gen_random_uuid(),"
                " 'gw-1', $2, 'blood_pressure', now(), $3 FROM patients WHERE id = $1",
                patient,
                CUFF,
                until_then,
            )
        await told(MeasureAgain(device=CUFF, kind="blood_pressure", until=until_then))
        async with clinic.acquire() as conn:
            await conn.execute("UPDATE repeat_requests SET until = now()")
        await told()


async def test_a_first_184_is_asked_about_measured_again_and_confirmed(
    ingest: Ingest, clinic: Pool, address: BrokerAddress, tmp_path: Path
) -> None:
    house = household(7, 1, faulty=False)
    cuff = next(each for each in house.devices if each.kind == DeviceKind.CUFF)
    # Whatever the hour and the luck: far above 180, and still so when calmed.
    person = replace(house.people[0], systolic=225.0, diastolic=115.0)
    patient = await planned(clinic)
    async with clinic.acquire() as conn:
        whose = await conn.fetchval("SELECT organisation_id FROM patients")
        device = await add_device(
            conn, whose, address=cuff.address, profile=cuff.profile, gateway_id="gw-1",
            passkey=None if cuff.passkey is None else f"{cuff.passkey:06}",
        )  # fmt: skip
        await assign(conn, whose, device_id=device.id, patient_id=patient, starts_at=LONG_AGO)
    async with contextlib.AsyncExitStack() as stack:
        radio = await stack.enter_async_context(VirtualRadio())
        people = simulated.Home(
            house, radio, zone=ZONE,
            patience=simulated.Patience(least_s=0.1, most_s=0.3, unwilling=0),
        )  # fmt: skip
        await people.move_in()
        stack.push_async_callback(people.rest)
        settings = GatewaySettings(
            gateway_id="gw-1", data_dir=tmp_path / "hub", mqtt=address,
            time_zone="America/New_York", scanner_backend=radio.scanner_class(),
            client_backend=radio.client_class(),
            radio=RadioRules(exit_when_silent=False, pace=0.05),
            forward=ForwardRules(status_every_s=1, resend_first_s=1),
        )  # fmt: skip
        prompt = Heard(people, HomePrompt(settings.data_dir))
        await stack.enter_async_context(ingest())
        await stack.enter_async_context(running(evaluating(clinic)))
        stop = asyncio.Event()
        hub = asyncio.create_task(Hub(settings, prompt=prompt).run(stop))
        stack.callback(hub.cancel)

        first_at = dt.datetime.now(ZONE) - dt.timedelta(minutes=3)
        act = Act(at=first_at.replace(tzinfo=None), device=cuff, person=person, slot=1)
        await people.perform(act, at=first_at)

        async def state() -> Any:
            async with clinic.acquire() as conn:
                return await conn.fetchval("SELECT state FROM alerts WHERE rule = 'bp-very-high'")

        async def confirmed() -> bool:
            return bool(await state() == "open")

        async def nothing_asked() -> bool:
            return len(prompt.requests) > 1 and prompt.requests[-1] == ()

        await until(confirmed)
        await until(nothing_asked)
        async with clinic.acquire() as conn:
            ((answer, kind),) = await conn.fetch("SELECT answer, kind FROM repeat_requests")
            events = await conn.fetch("SELECT event FROM alert_events ORDER BY version, id")
        stop.set()
        await hub
    assert (answer, kind) == ("open", "blood_pressure")
    assert {"opened", "confirmed"} <= {row["event"] for row in events}
    (asked,) = next(each for each in prompt.requests if each)
    assert (asked.device, asked.kind) == (cuff.address, "blood_pressure")
    assert people.measured == 2
    assert json.loads((settings.data_dir / FILE).read_bytes()) == {"measure_again": []}
