"""Care timers over the API: what counts, in which tab, for whom; and how it is logged."""

import datetime as dt
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice

SECOND = dt.timedelta(seconds=1)


class Desk:
    """A nurse at some tabs of a browser."""

    def __init__(self, api: Api, clock: Clock, token: str) -> None:
        self.api, self.clock, self.token = api, clock, token

    async def start(self, patient: Any, tab: str = "a") -> dict[str, Any]:
        status, told = await self.api.post(
            "/timers", {"patient": str(patient), "tab": tab}, self.token
        )
        assert status == 200, told
        return dict(told)

    async def ask(self, timer: dict[str, Any], what: str, **body: Any) -> tuple[int, Any]:
        return await self.api.post(f"/timers/{timer['id']}/{what}", body, self.token)

    async def wait(self, timer: dict[str, Any], seconds: int, tab: str = "a") -> None:
        """With a beat every 15 s."""
        while seconds > 0:
            step = min(seconds, 15)
            self.clock.now += step * SECOND
            status, told = await self.ask(timer, "beat", tab=tab)
            assert status == 200, told
            seconds -= step

    async def open(self) -> list[dict[str, Any]]:
        _, told = await self.api.get("/timers", self.token)
        return list(told["items"])


@pytest.fixture
async def desk(api: Api, north: Practice, clock: Clock) -> Desk:
    return Desk(api, clock, await api.signed_in(north, "nurse"))


@pytest.mark.parametrize(("gap", "counted"), [(44, 44), (45, 45), (46, 0)])
async def test_a_beat_that_comes_late_counts_nothing(
    desk: Desk, north: Practice, clock: Clock, gap: int, counted: int
) -> None:
    timer = await desk.start(north.patient)
    clock.now += gap * SECOND
    status, told = await desk.ask(timer, "beat", tab="a")
    assert (status, told["seconds"], told["counting"]) == (200, counted, True)


async def test_a_timer_survives_a_reload(desk: Desk, north: Practice, clock: Clock) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 60)
    await desk.ask(timer, "pause", tab="a")
    clock.now += 2 * SECOND
    again = await desk.start(north.patient)
    assert (again["id"], again["seconds"], again["state"]) == (timer["id"], 60, "running")


async def test_opening_another_patient_pauses_the_first(desk: Desk, north: Practice) -> None:
    ada = await desk.start(north.patient)
    await desk.wait(ada, 30)
    ben = await desk.start(north.other_patient, tab="b")
    await desk.wait(ben, 45, tab="b")
    status, told = await desk.ask(ada, "beat", tab="a")
    assert (status, told["pointer"]) == (409, "/state")
    found = {each["patient"]: (each["state"], each["seconds"]) for each in await desk.open()}
    assert found == {
        str(north.patient): ("paused", 30), str(north.other_patient): ("running", 45),
    }  # fmt: skip


async def test_of_two_tabs_on_one_patient_the_later_counts(
    desk: Desk, north: Practice, clock: Clock
) -> None:
    timer = await desk.start(north.patient, tab="a")
    await desk.wait(timer, 15)
    moved = await desk.start(north.patient, tab="b")
    assert (moved["id"], moved["tab"], moved["seconds"]) == (timer["id"], "b", 15)
    clock.now += 10 * SECOND
    status, told = await desk.ask(timer, "beat", tab="a")
    assert (status, told["pointer"]) == (409, "/tab")
    status, told = await desk.ask(timer, "pause", tab="a")  # The first tab is closed.
    assert (status, told["state"]) == (200, "running")
    _, told = await desk.ask(timer, "beat", tab="b")
    assert told["seconds"] == 25


async def test_what_was_counted_is_logged_to_the_second(desk: Desk, north: Practice) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 127)
    ((item),) = await desk.open()
    assert (item["seconds"], item["suggested_minutes"]) == (127, 2)
    status, entry = await desk.ask(
        timer, "stop", activity="call", mode="live_phone", with_whom="patient", minutes=2
    )
    assert status == 201, entry
    assert (entry["seconds"], entry["source"], entry["clamped"]) == (127, "timer", False)
    assert await desk.open() == []
    assert (await desk.ask(timer, "stop"))[0] == 409
    assert (await desk.ask(timer, "beat", tab="a"))[0] == 409


async def test_pauses_are_not_counted_and_not_hidden(
    desk: Desk, north: Practice, clock: Clock
) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 60)
    await desk.ask(timer, "pause")
    clock.now += 600 * SECOND
    await desk.start(north.patient)
    await desk.wait(timer, 30)
    _, entry = await desk.ask(timer, "stop")
    assert entry["seconds"] == 90
    begun, over = (dt.datetime.fromisoformat(entry[name]) for name in ("started_at", "ended_at"))
    assert over - begun == 690 * SECOND


async def test_another_number_needs_a_reason_and_is_no_more_than_the_wall_clock(
    desk: Desk, north: Practice, clock: Clock
) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 60)
    clock.now += 240 * SECOND  # On the telephone, away from the keyboard.
    status, told = await desk.ask(timer, "stop", minutes=4)
    assert (status, told["pointer"]) == (422, "/reason")
    status, entry = await desk.ask(timer, "stop", minutes=60, reason="on the phone")
    assert (status, entry["seconds"], entry["clamped"]) == (201, 300, True)
    assert entry["reason"] == "on the phone"


async def test_an_edit_takes_no_time_that_another_timer_has_counted(
    desk: Desk, north: Practice
) -> None:
    ada = await desk.start(north.patient)
    await desk.wait(ada, 30)
    ben = await desk.start(north.other_patient)
    await desk.wait(ben, 60)
    _, entry = await desk.ask(ada, "stop", minutes=10, reason="all of it")
    assert (entry["seconds"], entry["clamped"]) == (30, True)


async def test_less_is_less(desk: Desk, north: Practice) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 300)
    _, entry = await desk.ask(timer, "stop", minutes=3, reason="two were for somebody else")
    assert (entry["seconds"], entry["clamped"]) == (180, False)


async def test_a_timer_is_discarded_with_a_reason(desk: Desk, north: Practice) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 30)
    status, told = await desk.ask(timer, "discard", reason=" ")
    assert (status, told["pointer"]) == (422, "/reason")
    status, told = await desk.ask(timer, "discard", reason="opened by mistake")
    assert (status, told["state"]) == (200, "discarded")
    assert await desk.open() == []


@pytest.mark.parametrize("minutes", [-1, 0, 1441, 10**30])
async def test_minutes_that_cannot_be_are_refused(
    desk: Desk, north: Practice, minutes: int
) -> None:
    timer = await desk.start(north.patient)
    await desk.wait(timer, 75)
    status, told = await desk.ask(timer, "stop", minutes=minutes, reason="x")
    assert status in {400, 422}
    assert told["pointer"] == "/minutes"


async def test_nothing_counted_is_nothing_to_log(desk: Desk, north: Practice) -> None:
    timer = await desk.start(north.patient)
    status, told = await desk.ask(timer, "stop")
    assert (status, told["pointer"]) == (422, "/minutes")
    assert len(await desk.open()) == 1


async def test_a_timer_is_its_owners(api: Api, desk: Desk, north: Practice, pool: Pool) -> None:
    timer = await desk.start(north.patient)
    other = await api.signed_in(north, "clinician")
    for what, body in (("beat", {"tab": "a"}), ("pause", {}), ("stop", {}),
                       ("discard", {"reason": "x"})):  # fmt: skip
        assert (await api.post(f"/timers/{timer['id']}/{what}", body, other))[0] == 404
    assert (await api.get("/timers", other))[1]["items"] == []
    assert await pool.fetchval("SELECT state FROM timers") == "running"


@pytest.mark.parametrize("role", ["admin", "biller", "auditor", "patient", "caregiver"])
async def test_timers_are_for_those_who_care(api: Api, north: Practice, role: str) -> None:
    token = await api.signed_in(north, role)
    assert (await api.get("/timers", token))[0] == 403
    assert (await api.post("/timers", {"patient": str(north.patient)}, token))[0] == 403


async def test_nobody_counts_for_another_organisations_patient(
    api: Api, north: Practice, south: Practice
) -> None:
    token = await api.signed_in(south, "nurse")
    assert (await api.post("/timers", {"patient": str(north.patient)}, token))[0] == 404
