"""On-call schedule and contacts by command; what `doctor` says of gaps."""

import datetime as dt
import json
import re
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.telling.deliveries import Delivery
from hearthbeat import checks
from hearthbeat.checks import Standing
from hearthbeat.commands import contact
from hearthbeat.commands.alerts_run import channels
from hearthbeat.commands.console_run import sms_door
from hearthbeat.settings import Alerts, Clinic, Notify, Settings
from tests.integration.care.test_commands import PASSWORD, Terminal

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    made = Terminal(capsys, monkeypatch, database)
    made.done("organisation", "add", "Oak Street", "--time-zone", "Europe/Berlin")
    made.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    for name, role in (("joy", "nurse"), ("dora", "clinician"), ("bill", "biller")):
        made.done("user", "add", name, "--role", role, "--password-stdin", typed=f"{PASSWORD}\n")
    return made


def wall(days: int, clock: str) -> str:
    day = dt.datetime.now(BERLIN).date() + dt.timedelta(days=days)
    return f"{day}T{clock}"


def always(username: str) -> list[str]:
    return ["on-call", "add", username, "--from", wall(-1, "00:00"), "--until", wall(20, "00:00")]


def test_the_schedule_is_made_shown_and_taken_back(terminal: Terminal) -> None:
    add = ("on-call", "add", "dora", "--from", wall(1, "18:00"), "--until", wall(2, "08:00"))
    said = terminal.done(*add)
    assert "dora is on call from" in said
    assert "18:00 until" in said
    assert "already" in terminal.refused(*add)
    listed = terminal.done("on-call", "list")
    assert listed.count("NOBODY") == 2
    shift = json.loads(terminal.done("on-call", "list", "--json"))["shifts"][0]["id"]
    terminal.done("on-call", "remove", shift)
    assert terminal.done("on-call", "list").count("NOBODY") == 1
    terminal.done(
        "on-call", "add", "joy", "--from", wall(-1, "00:00"), "--until", wall(20, "00:00")
    )
    assert "at every minute of the next 14 days" in terminal.done("on-call", "list")


@pytest.mark.parametrize(
    ("username", "starts", "why"),
    [
        ("bill", "2031-01-01T18:00", "user: is a biller: on call are nurse, clinician, admin"),
        ("nobody", "2031-01-01T18:00", "there is no user 'nobody'"),
        ("dora", "2031-03-30T02:30", "--from: 2031-03-30T02:30 does not exist in Europe/Berlin"),
        ("dora", "2030-10-27T02:30", "--from: 2030-10-27T02:30 comes twice in Europe/Berlin"),
        ("dora", "2031-05-01T18:00", "ends_at: must be after"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_in_words(
    terminal: Terminal, username: str, starts: str, why: str
) -> None:
    said = terminal.refused(
        "on-call", "add", username, "--from", starts, "--until", "2031-04-01T08:00"
    )
    assert why in said


def test_a_contact_is_added_listed_and_ended(terminal: Terminal) -> None:
    said = terminal.done("contact", "add", "sms", "+1 202 555 0123", "--user", "joy",
                         "--min-severity", "high", "--quiet", "22:00", "06:00")  # fmt: skip
    made = re.findall(r"[0-9a-f-]{36}", said)[0]
    listed = terminal.done("contact", "list", "--user", "joy")
    for part in ("+1***23", "high", "22:00-06:00"):
        assert part in listed
    assert "5550123" not in listed
    (whole,) = json.loads(terminal.done("contact", "list", "--json"))
    assert whole["address"] == "+12025550123"
    terminal.done("contact", "remove", made, "--by", "joy")
    assert json.loads(terminal.done("contact", "list", "--json")) == []
    assert "ended" in terminal.done("contact", "list", "--ended")


def test_commands_print_their_answer_and_no_log_lines(terminal: Terminal) -> None:
    _, out, err = terminal.said(*always("dora"))
    assert (out.count("\n"), out.startswith("dora is on call from"), err) == (1, True, "")
    _, out, err = terminal.said("contact", "add", "email", "joy@clinic.example", "--user", "joy")
    assert (out.startswith("Added contact"), err) == (True, "")
    assert "contact added" not in out


def test_a_webhooks_secret_is_told_once(terminal: Terminal) -> None:
    said = terminal.done("contact", "add", "webhook", "https://h.example/x", "--user", "joy")
    (secret,) = re.findall(r"shown only now: (\S{40,})", said)
    assert secret not in terminal.done("contact", "list", "--json")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["email", "ann@home.example"], "user: name a person of the clinic or a patient"),
        (["sms", "5550123", "--patient", "A-1"], "address: is a number with + and its country"),
        (["webhook", "https://x.example/", "--patient", "A-1"], "channel: of a patient is one of"),
        (["email", "ann", "--patient", "A-1"], "address: is no e-mail address"),
        (["email", "a@b.example", "--user", "joy", "--receipts"], "receipts: are for patients"),
        (["email", "a@b.example", "--user", "joy", "--quiet", "9", "10"], "quiet_from: is a time"),
    ],
)
def test_each_refusal_names_the_field_and_what_would_do(
    terminal: Terminal, words: list[str], why: str
) -> None:
    assert why in terminal.refused("contact", "add", *words)


def test_a_test_says_that_nothing_sends_it(terminal: Terminal) -> None:
    said = terminal.done("contact", "add", "email", "joy@clinic.example", "--user", "joy")
    made = re.findall(r"[0-9a-f-]{36}", said)[0]
    status, out, _ = terminal.said("contact", "test", made, "--wait", "0.3")
    assert status == 1
    assert "still queued. Does `hearthbeat alerts` run?" in out


@pytest.mark.parametrize(
    ("state", "attempts", "error", "said"),
    [
        ("delivered", 1, None, "delivered."),
        ("sent", 1, None, "sent; the other side has taken it."),
        ("queued", 0, None, "still queued. Does `hearthbeat alerts` run?"),
        ("queued", 2, "answered 503", "not yet, 2 tried: answered 503."),
        ("failed", 1, "mail server answered 550", "failed: mail server answered 550."),
        ("cancelled", 0, None, "cancelled."),
    ],
)
def test_a_test_says_what_became_of_it(
    state: str, attempts: int, error: str | None, said: str
) -> None:
    now = dt.datetime.now(dt.UTC)
    found = Delivery(
        id=UUID(int=1), what="test", channel="email", address="j***@clinic.example",
        username="joy", mrn=None, alert_id=None, state=state, attempts=attempts,
        last_error=error, created_at=now, next_at=now, sent_at=None, ended_at=None,
    )  # fmt: skip
    assert contact.said(found) == f"email to j***@clinic.example: {said}"


def test_doctor_sees_gaps_where_a_ladder_asks_for_who_is_on_call(terminal: Terminal) -> None:
    def on_call() -> list[str]:
        _, out, _ = terminal.said("doctor", "--json")
        return [each["found"] for each in json.loads(out) if each["about"] == "on call"]

    assert on_call() == ["no plan's ladder asks for it yet"]
    terminal.done(
        "patient", "plan", "set", "A-1", "--programme", "hypertension-us", "--reason", "x"
    )
    (found,) = on_call()
    assert found.startswith("Oak Street: nobody once within 14 days, from")
    terminal.done(
        "on-call", "add", "joy", "--from", wall(-1, "00:00"), "--until", wall(20, "00:00")
    )
    assert on_call() == ["somebody is, at every minute of the next 14 days"]


def test_a_gap_is_a_note_and_no_trouble() -> None:
    (found,) = checks.on_call([("Oak", 2, "Fri 18:00")], wanted=True)
    assert found.standing is Standing.NOTE
    assert "the next in line are told" in found.to_do
    assert found.found == "Oak: nobody at 2 times within 14 days, first from Fri 18:00"
    (one,) = checks.on_call([("Oak", 1, "Fri 18:00")], wanted=True)
    assert one.found == "Oak: nobody once within 14 days, from Fri 18:00"


def test_sms_reports_and_stop_words_need_the_address_that_the_provider_reaches() -> None:
    notify = Notify(sms_url="https://sms.example", sms_account="A", sms_token="t", sms_sender="+1")
    assert sms_door(Settings(notify=notify)) is None
    sms = channels(notify).sms
    assert sms is not None
    assert sms.report_url is None
    url = "https://hb.example/"
    sms = channels(notify, reached_at=url).sms
    assert sms is not None
    assert sms.report_url == "https://hb.example/api/v1/sms/status"
    door = sms_door(
        Settings(notify=notify, alerts=Alerts(base_url=url), clinic=Clinic(phone="+1 202"))
    )
    assert door is not None
    assert (door.token, door.clinic_phone) == ("t", "+1 202")
