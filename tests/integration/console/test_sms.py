"""What comes in from a provider of SMS: stop words, reports of delivery, and who may say so."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from alerts.telling.notify.twilio import SIGNATURE, is_signed, signature
from console.settings import ConsoleSettings, SmsDoor
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice, served
from tests.integration.console.test_reach import PHONE, message, patients_phone

URL = "https://clinic.example.org"
TOKEN = "t0ken"


@pytest.fixture
async def sms(pool: Pool, database: str, north: Practice, clock: Clock) -> AsyncIterator[Api]:
    """A console that a provider of SMS was told of."""
    del north
    door = SmsDoor(
        token=TOKEN, url=f"{URL}/", clinic_phone="+1 202 555 0100", emergency_number="911"
    )
    async with served(ConsoleSettings(sms=door), pool, database, clock) as found:
        yield found


async def provider(
    api: Api, path: str, form: dict[str, str], *, token: str = TOKEN, **change: Any
) -> tuple[int, str]:
    """As Twilio sends it."""
    body = urlencode(form)
    signed = signature(f"{URL}{path}", list(form.items()), token=token)
    headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: signed}
    async with api._client.post(
        path, data=change.get("body", body), headers=headers | change.get("headers", {})
    ) as answer:
        return answer.status, await answer.text()


async def inbound(api: Api, text: str, sender: str = PHONE, **options: Any) -> tuple[int, str]:
    form = {"From": sender, "To": "+12025550199", "Body": text, "MessageSid": "SM1"}
    return await provider(api, "/api/v1/sms/inbound", form, **options)


@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe", "ALTO", "Parar", "QUIT", "end"])
async def test_stop_stops_and_is_confirmed(
    sms: Api, north: Practice, pool: Pool, clock: Clock, word: str
) -> None:
    contact = await patients_phone(pool, north)
    waiting = await message(pool, north)
    status, said = await inbound(sms, word)
    assert status == 200
    assert "You will get no more texts from us" in said
    row = await pool.fetchrow("SELECT * FROM contacts WHERE id = $1", contact)
    assert row is not None
    assert (row["stopped_at"], row["stopped_why"]) == (clock.now, f"said {word.upper()}")
    assert await pool.fetchval("SELECT state FROM notifications WHERE id = $1", waiting) == (
        "cancelled"
    )
    nurse = await sms.signed_in(north, "nurse")
    body = {"channel": "sms", "address": PHONE, "patient": str(north.patient)}
    status, told = await sms.post("/contacts", body, nurse)
    assert status == 409
    assert "only START" in told["detail"]
    _, said = await inbound(sms, "Start")
    assert "You will get our texts again" in said
    assert await pool.fetchval("SELECT stopped_at FROM contacts WHERE id = $1", contact) is None


async def test_start_does_not_take_back_what_the_clinic_ended(
    sms: Api, north: Practice, pool: Pool
) -> None:
    contact = await patients_phone(pool, north)
    nurse = await sms.signed_in(north, "nurse")
    await sms.post(f"/contacts/{contact}/end", None, nurse)
    await inbound(sms, "START")
    assert await pool.fetchval("SELECT stopped_at FROM contacts WHERE id = $1", contact)
    body = {"channel": "sms", "address": PHONE, "patient": str(north.patient)}
    status, again = await sms.post("/contacts", body, nurse)
    assert (status, again["contact"]["id"]) == (201, str(contact))


async def test_whatever_else_a_patient_writes_is_answered_and_kept_nowhere(
    sms: Api, north: Practice, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    await patients_phone(pool, north)
    words = "chestpain-since-monday 184/110"
    status, said = await inbound(sms, words)
    assert status == 200
    assert said.endswith(
        "<Response><Message>No one reads texts to this number. Please call your clinic at"
        " +1 202 555 0100. In an emergency, call 911.</Message></Response>"
    )
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for row in tables:
        found = await pool.fetchval(
            f"SELECT count(*) FROM \"{row['tablename']}\" t WHERE t::text LIKE '%chestpain%'"  # noqa: S608
        )
        assert found == 0, row["tablename"]
    logged = "".join(capsys.readouterr())
    assert "chestpain" not in logged
    assert PHONE not in logged


async def test_the_answer_is_in_the_patients_language(
    sms: Api, north: Practice, pool: Pool
) -> None:
    await patients_phone(pool, north)
    await pool.execute("UPDATE patients SET language = 'es-US' WHERE id = $1", north.patient)
    assert "Nadie lee los mensajes" in (await inbound(sms, "hola"))[1]
    assert "No le mandaremos" in (await inbound(sms, "alto"))[1]


async def test_a_number_that_nobody_has_is_told_the_same(sms: Api) -> None:
    for text in ("hello", "START"):
        assert "No one reads texts" in (await inbound(sms, text, sender="+12025550177"))[1]


async def test_what_is_no_number_is_answered_nothing(sms: Api) -> None:
    _, said = await inbound(sms, "hello", sender="AMAZON")
    assert "<Message>" not in said


@pytest.mark.parametrize(
    "change",
    [
        {"token": "another"},
        {"headers": {SIGNATURE: ""}},
        {"headers": {SIGNATURE: "\u00e9"}},
        {"body": "From=%2B12025550123&Body=STOP&Extra=1"},
    ],
)
async def test_without_a_good_signature_nothing_is_done(
    sms: Api, north: Practice, pool: Pool, change: dict[str, Any]
) -> None:
    contact = await patients_phone(pool, north)
    assert (await inbound(sms, "STOP", **change))[0] == 403
    assert await pool.fetchval("SELECT stopped_at FROM contacts WHERE id = $1", contact) is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"headers": {"Content-Type": "application/json"}}, 400),
        ({"body": "a=" + "x" * 20_000}, 413),
        ({"body": "&".join(f"a{n}=1" for n in range(200))}, 400),
        ({"body": b"From=\xff"}, 400),
    ],
)
async def test_what_is_no_form_is_refused(sms: Api, change: dict[str, Any], status: int) -> None:
    assert (await inbound(sms, "STOP", **change))[0] == status


async def test_who_is_not_set_up_for_sms_has_no_such_door(api: Api) -> None:
    assert (await inbound(api, "STOP"))[0] == 404


@pytest.mark.parametrize(
    ("said", "state", "error"),
    [
        ("delivered", "delivered", None),
        ("undelivered", "failed", "the provider reports error 30003"),
        ("failed", "failed", "the provider reports error 30003"),
        ("sent", "sent", None),
        ("queued", "sent", None),
        ("strange", "sent", None),
    ],
)
async def test_the_provider_says_what_became_of_a_message(
    sms: Api, north: Practice, pool: Pool, said: str, state: str, error: str | None
) -> None:
    made = await message(pool, north, state="sent")
    form = {"MessageStatus": said, "MessageSid": "SM9"} | ({"ErrorCode": "30003"} if error else {})
    status, _ = await provider(sms, f"/api/v1/sms/status?message={made}", form)
    assert status == 204
    row = await pool.fetchrow("SELECT state, last_error FROM notifications WHERE id = $1", made)
    assert row is not None
    assert tuple(row) == (state, error)


async def test_a_late_report_changes_nothing(sms: Api, north: Practice, pool: Pool) -> None:
    made = await message(pool, north, state="delivered")
    path = f"/api/v1/sms/status?message={made}"
    assert (await provider(sms, path, {"MessageStatus": "failed"}))[0] == 204
    assert await pool.fetchval("SELECT state FROM notifications WHERE id = $1", made) == "delivered"


async def test_a_report_about_another_message_is_not_signed(
    sms: Api, north: Practice, pool: Pool
) -> None:
    """The id is a part of the URL that the signature is over."""
    made = await message(pool, north, state="sent")
    form = {"MessageStatus": "failed"}
    forged = signature(
        f"{URL}/api/v1/sms/status?message={UUID(int=7)}", list(form.items()), token=TOKEN
    )
    path = f"/api/v1/sms/status?message={made}"
    assert (await provider(sms, path, form, headers={SIGNATURE: forged}))[0] == 403


def test_the_signature_is_the_one_of_the_providers_example() -> None:
    """https://www.twilio.com/docs/usage/webhooks/webhooks-security, the worked example."""
    form = [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"),
        ("From", "+14158675309"), ("To", "+18005551212"),
    ]  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert re.fullmatch(r"[A-Za-z0-9+/]{27}=", signature(url, form, token="12345"))
    assert signature(url, form, token="12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("given", ["\udcff\udcfe", "é", "", None])
def test_a_signature_that_is_no_text_is_not_good(given: str | None) -> None:
    assert not is_signed(given, URL, [("From", PHONE)], token=TOKEN)
