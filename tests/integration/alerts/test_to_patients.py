"""Reminders and receipts in virtual time: once, only while they are true, and to who agreed."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from alerts.telling.contacts import add_contact, try_contact
from alerts.telling.notify.message import Channel, Message, Sent
from alerts.telling.notify.outbox import Outbox
from alerts.telling.receipts import Receipts
from alerts.telling.reminding import Reminders
from care.consents import add_consent, list_consents, withdraw_consent
from care.plan_shelf import PlanShelf
from care.plans import end_plan
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, START, Clinic
from tests.integration.alerts.homes import home, sweep
from vitals.kinds import Kind

SLOT = START - 3 * HOUR  # Four o'clock in New York: the morning slot begins.
QUIET_ENDS = SLOT + 4 * HOUR
SECOND = dt.timedelta(seconds=1)


async def agreed(
    clinic: Clinic, patient: UUID, *, channel: str = "sms", address: str = "+12025550123",
    consent: bool = True, **more: Any,
) -> UUID:  # fmt: skip
    """A patient who agreed to messages, and a way to reach them."""
    async with clinic.pool.acquire() as conn:
        if consent:
            await add_consent(
                conn, clinic.organisation, patient, kind="messages", method="written",
                given_at=clinic.now - DAY, actor=None, now=clinic.now,
            )  # fmt: skip
        added = await add_contact(
            conn, clinic.organisation, patient_id=patient, channel=channel, address=address,
            actor=None, now=clinic.now, **more,
        )  # fmt: skip
    return added.contact.id


def reminders(clinic: Clinic, **options: Any) -> Reminders:
    return Reminders(clinic.pool, shelf=PlanShelf(), **options)


async def messages(clinic: Clinic, *states: str) -> list[dict[str, Any]]:
    async with clinic.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT * FROM notifications WHERE state = ANY($1) ORDER BY created_at, key",
            list(states or ("queued", "sending", "sent")),
        )
    return [dict(row) for row in rows]


class Phone:
    """Takes what is sent."""

    def __init__(self) -> None:
        self.taken: list[Message] = []

    async def send(self, message: Message) -> Sent:
        self.taken.append(message)
        return Sent(provider_id=f"SM{len(self.taken)}")


async def send(clinic: Clinic) -> list[Message]:
    phone = Phone()
    await Outbox(clinic.pool, {Channel.SMS: phone}, clock=lambda: clinic.now).send_due()
    return phone.taken


@pytest.fixture
async def patient(clinic: Clinic) -> UUID:
    clinic.now = SLOT - HOUR
    found = await clinic.patient()
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "UPDATE patients SET created_at = $2 WHERE id = $1", found, clinic.now - DAY
        )
    return found


async def due(clinic: Clinic) -> int:
    """At the end of the quiet hours, which is when the reminder of the morning is due."""
    them = reminders(clinic)
    await them.tick(now=clinic.now)
    clinic.now = QUIET_ENDS
    return await them.tick(now=clinic.now)


async def test_who_has_not_measured_is_reminded_once_to_the_second(
    clinic: Clinic, patient: UUID
) -> None:
    await agreed(clinic, patient)
    them = reminders(clinic)
    counts = []
    for at in (SLOT, QUIET_ENDS - SECOND, QUIET_ENDS, QUIET_ENDS + SECOND, SLOT + 7 * HOUR):
        clinic.now = at
        counts.append(await them.tick(now=at))
        counts.append(await reminders(clinic).tick(now=at))
    assert counts == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    (message,) = await messages(clinic)
    assert message["body"].startswith("Hi. We do not have your reading for this morning yet.")
    assert message["key"].startswith(f"remind/{patient}/2026-11-02/morning-0400/")
    assert message["expires_at"] == SLOT + 8 * HOUR


async def test_the_evening_has_a_reminder_of_its_own(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    await due(clinic)
    them = reminders(clinic)
    for _ in range(24 * 12):
        clinic.later(5 * MINUTE)
        await them.tick(now=clinic.now)
    keys = [message["key"].split("/")[2:4] for message in await messages(clinic)]
    assert keys == [
        ["2026-11-02", "morning-0400"],
        ["2026-11-02", "evening-1700"],
        ["2026-11-03", "morning-0400"],
    ]


@pytest.mark.parametrize(("offset_s", "reminded"), [(-1, 1), (0, 0), (1, 0)])
async def test_a_reading_since_the_slot_began_is_enough(
    clinic: Clinic, patient: UUID, offset_s: int, reminded: int
) -> None:
    await agreed(clinic, patient)
    await clinic.pressure(patient, 120, 80, at=SLOT + offset_s * SECOND)
    assert await due(clinic) == reminded


async def test_a_reading_of_another_kind_is_not(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    await clinic.measured(patient, kind=Kind.WEIGHT, at=SLOT + HOUR, weight=80.0)
    assert await due(clinic) == 1


async def test_a_reading_that_comes_before_the_message_leaves_stops_it(
    clinic: Clinic, patient: UUID
) -> None:
    await agreed(clinic, patient)
    assert await due(clinic) == 1
    await clinic.pressure(patient, 120, 80)
    assert await send(clinic) == []
    (message,) = await messages(clinic, "cancelled")
    assert message["last_error"] == "the reading has come"


async def test_what_is_due_and_true_leaves(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    await due(clinic)
    (message,) = await send(clinic)
    assert message.address == "+12025550123"
    assert message.what == "reminder"


async def withdrawn(clinic: Clinic, patient: UUID) -> None:
    async with clinic.pool.acquire() as conn:
        (consent,) = await list_consents(conn, clinic.organisation, patient)
        await withdraw_consent(
            conn, clinic.organisation, patient, consent.id, withdrawn_at=clinic.now, actor=None,
            now=clinic.now,
        )  # fmt: skip


async def stopped(clinic: Clinic, patient: UUID) -> None:
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "UPDATE contacts SET stopped_at = $2 WHERE patient_id = $1", patient, clinic.now
        )


async def plan_ended(clinic: Clinic, patient: UUID) -> None:
    async with clinic.pool.acquire() as conn:
        await end_plan(
            conn, clinic.organisation, patient, at=clinic.now, reason="done", actor=None,
            now=clinic.now,
        )  # fmt: skip


async def hub_gone(clinic: Clinic, patient: UUID) -> None:
    """Its last will is the last word; it brought the patient's last reading."""
    await clinic.pressure(patient, 120, 80, at=clinic.now - DAY)
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO gateway_health (gateway_id, organisation_id, at, received_at, state)"
            " VALUES ('home-1', $1, $2, $2, 'offline')",
            clinic.organisation,
            clinic.now,
        )


async def hub_deaf(clinic: Clinic, patient: UUID) -> None:
    """It is heard, and has no ears: it brought the patient's last reading."""
    await clinic.pressure(patient, 120, 80, at=clinic.now - DAY)
    hub = await home(clinic, "home-1")
    clinic.later(MINUTE)
    await hub.speaks(trouble="no Bluetooth adapter")
    clinic.later(5 * MINUTE)
    await hub.speaks(trouble="no Bluetooth adapter")
    await sweep(clinic)


Happening = Callable[[Clinic, UUID], Awaitable[None]]


@pytest.mark.parametrize("happens", [withdrawn, stopped, plan_ended, hub_gone, hub_deaf])
async def test_nobody_is_reminded_any_more(
    clinic: Clinic, patient: UUID, happens: Happening
) -> None:
    await agreed(clinic, patient)
    them = reminders(clinic)
    await them.tick(now=clinic.now)
    await happens(clinic, patient)
    clinic.now = QUIET_ENDS
    assert await them.tick(now=clinic.now) == 0
    async with clinic.pool.acquire() as conn:
        left = await conn.fetchval(
            "SELECT count(*) FROM due_times WHERE what = 'remind' AND due_at <= $1", clinic.now
        )
    assert left == 0


@pytest.mark.parametrize(
    ("happens", "why"),
    [(withdrawn, "no consent"), (stopped, "not in use"), (hub_gone, "the hub is away")],
)
async def test_what_changes_before_the_message_leaves_stops_it(
    clinic: Clinic, patient: UUID, happens: Happening, why: str
) -> None:
    await agreed(clinic, patient)
    await due(clinic)
    await happens(clinic, patient)
    assert await send(clinic) == []
    (message,) = await messages(clinic, "cancelled")
    assert why in message["last_error"]


async def test_not_even_a_test_goes_to_a_patient_who_has_not_agreed(
    clinic: Clinic, patient: UUID
) -> None:
    contact = await agreed(clinic, patient, consent=False)
    async with clinic.pool.acquire() as conn:
        await try_contact(conn, clinic.organisation, contact, now=clinic.now)
    assert await send(clinic) == []
    (message,) = await messages(clinic, "cancelled")
    assert "no consent" in message["last_error"]


async def test_without_consent_nothing_is_scheduled(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient, consent=False)
    assert await reminders(clinic).schedule(now=clinic.now) == 0


async def test_while_no_hub_at_all_is_heard_nobody_is_blamed(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    them = reminders(clinic)
    await them.tick(now=clinic.now)
    assert await them.tick(now=QUIET_ENDS, deaf=True) == 0
    assert await them.tick(now=QUIET_ENDS + MINUTE) == 0


async def test_not_more_than_so_many_a_day(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    them = reminders(clinic, most_a_day=1)
    for _ in range(30):
        await them.tick(now=clinic.now)
        clinic.later(HOUR)
    days = [message["facts"] for message in await messages(clinic)]
    assert len(days) == 2, "one on each of two days"


async def test_each_contact_keeps_its_own_quiet_hours(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient, quiet_from="22:00", quiet_to="09:30")
    await agreed(
        clinic, patient, channel="email", address="ann@home.example", consent=False,
        quiet_from="12:00", quiet_to="13:00",
    )  # fmt: skip
    them = reminders(clinic)
    await them.tick(now=clinic.now)
    await them.tick(now=SLOT + 4 * HOUR)
    found = {message["channel"]: message["next_at"] - SLOT for message in await messages(clinic)}
    assert found == {"sms": 5.5 * HOUR, "email": 4 * HOUR}


async def test_in_the_patients_language(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    async with clinic.pool.acquire() as conn:
        await conn.execute("UPDATE patients SET language = 'es' WHERE id = $1", patient)
    await due(clinic)
    (message,) = await messages(clinic)
    assert message["body"] == (
        "Hola. Nos falta su medida de esta mañana. Por favor, tómela cuando pueda."
        " Responda ALTO para no recibir más."
    )


async def test_four_replicas_remind_once(clinic: Clinic) -> None:
    clinic.now = SLOT - HOUR
    for number in range(30):
        await agreed(clinic, await clinic.patient(), address=f"+1202555{number:04}")
    await reminders(clinic).tick(now=clinic.now)
    clinic.now = QUIET_ENDS
    them = [reminders(clinic) for _ in range(4)]
    counts = await asyncio.gather(*(each.tick(now=clinic.now) for each in them))
    assert sum(counts) == 30
    assert len(await messages(clinic)) == 30


async def test_scheduling_again_changes_nothing(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    await reminders(clinic).schedule(now=clinic.now)
    async with clinic.pool.acquire() as conn:
        before = await conn.fetch("SELECT xmin::text, * FROM due_times ORDER BY id")
        await reminders(clinic).schedule(now=clinic.now + MINUTE)
        after = await conn.fetch("SELECT xmin::text, * FROM due_times ORDER BY id")
    assert before == after
    assert len(before) == 2, "this morning and tonight"


@pytest.mark.parametrize(("late", "reminded"), [(4 * HOUR - SECOND, 1), (4 * HOUR, 0)])
async def test_after_an_outage_of_ours_only_slots_that_are_on_are_told(
    clinic: Clinic, patient: UUID, late: dt.timedelta, reminded: int
) -> None:
    await agreed(clinic, patient)
    await reminders(clinic).tick(now=clinic.now)
    clinic.now = QUIET_ENDS + late
    assert await reminders(clinic).tick(now=clinic.now) == reminded


async def receipt_after(clinic: Clinic, span: dt.timedelta) -> list[str]:
    clinic.later(span)
    await Receipts(clinic.pool, shelf=PlanShelf()).tick(now=clinic.now)
    return [message["body"] for message in await messages(clinic)]


async def test_three_readings_of_a_sitting_are_one_receipt(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient, receipts=True)
    clinic.now = SLOT + 4 * HOUR
    for _ in range(3):
        assert await receipt_after(clinic, MINUTE) == []
        await clinic.pressure(patient, 186, 121)
    assert await receipt_after(clinic, 3 * MINUTE - SECOND) == []
    (said,) = await receipt_after(clinic, SECOND)
    assert said == (
        "Thanks. Your readings came in at 08:03. Next one: tonight. Reply STOP to end these texts."
    )
    await clinic.pressure(patient, 120, 80)
    assert await receipt_after(clinic, 4 * MINUTE) == [said], "still the same sitting"
    clinic.later(HOUR)
    await clinic.pressure(patient, 120, 80)
    assert len(await receipt_after(clinic, 4 * MINUTE)) == 2


async def test_only_who_chose_it_gets_one(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient)
    await clinic.pressure(patient, 120, 80)
    assert await receipt_after(clinic, 4 * MINUTE) == []


@pytest.mark.parametrize(("minutes", "count"), [(29, 1), (30, 1), (31, 0)])
async def test_a_backlog_is_not_receipted(
    clinic: Clinic, patient: UUID, minutes: int, count: int
) -> None:
    await agreed(clinic, patient, receipts=True)
    await clinic.pressure(patient, 120, 80, at=clinic.now - minutes * MINUTE)
    assert len(await receipt_after(clinic, 4 * MINUTE)) == count


async def test_two_replicas_receipt_once(clinic: Clinic, patient: UUID) -> None:
    await agreed(clinic, patient, receipts=True)
    await clinic.pressure(patient, 120, 80)
    clinic.later(4 * MINUTE)
    them = [Receipts(clinic.pool, shelf=PlanShelf()) for _ in range(3)]
    await asyncio.gather(*(each.tick(now=clinic.now) for each in them))
    assert len(await messages(clinic)) == 1
