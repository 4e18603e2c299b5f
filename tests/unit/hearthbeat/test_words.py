"""What people read: arrivals, checks, errors, names."""

import datetime as dt
import io
from uuid import UUID

import pytest
from rich.console import Console

from care.errors import NotFoundError
from hearthbeat import checks
from hearthbeat.checks import Standing
from hearthbeat.demo.names import name
from hearthbeat.errors import NotRunning
from hearthbeat.feed import Arrival, Totals, in_words
from hearthbeat.plain_words import explain
from hearthbeat.watch_view import View, age
from vitals.kinds import Kind

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def arrival(kind: Kind, values: dict[str, float], **others: object) -> Arrival:
    fields: dict[str, object] = {"special": {}, "flags": (), "doubt": None}
    return Arrival(
        id=UUID(int=1),
        received_at=NOW,
        measured_at=NOW,
        gateway="home-0001",
        device="A0:00:00:00:00:01",
        kind=kind,
        values=values,
        **{**fields, **others},  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            arrival(
                Kind.BLOOD_PRESSURE,
                {"systolic": 128, "diastolic": 81, "mean": 97, "pulse": 71},
                flags=("irregular_pulse",),
            ),
            "128/81 mmHg, pulse 71 bpm, irregular pulse",
        ),
        (
            arrival(Kind.WEIGHT, {"weight": 80.54, "bmi": 24.1}),
            "80.5 kg, body mass index 24.1 kg/m²",
        ),
        (arrival(Kind.GLUCOSE, {}, special={"glucose": "hi"}), "glucose HI"),
        (arrival(Kind.OXIMETRY, {"spo2": 97, "pulse": 60}), "97%, pulse 60 bpm"),
    ],
)
def test_a_reading_is_written_as_people_write_it(one: Arrival, words: str) -> None:
    assert in_words(one) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_400, "1 d")],
)
def test_an_age_is_rough(seconds: int, words: str) -> None:
    assert age(dt.timedelta(seconds=seconds)) == words


def test_a_screen_can_be_drawn_with_and_without_a_database() -> None:
    view = View(rows=2)
    view.add([arrival(Kind.WEIGHT, {"weight": 80.0})] * 3, None)
    assert view.render() is not None


def screen(view: View) -> str:
    console = Console(width=140, file=io.StringIO())
    console.print(view.render())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_before_the_first_answer_the_screen_waits_calmly() -> None:
    view = View(rows=2)
    view.add([], None)
    assert "Waiting for the database" in screen(view)
    view.add([], Totals(to_evaluate=0, gateways=1, on_gateways=0, dead_letters=0))
    assert "0 new readings" in screen(view)
    view.add([], None)
    assert "does not answer" in screen(view)


def test_what_the_screen_opens_with_is_shown_and_not_counted() -> None:
    view = View(rows=2)
    view.open_with([arrival(Kind.WEIGHT, {"weight": 80.0})])
    view.add([], Totals(to_evaluate=0, gateways=1, on_gateways=0, dead_letters=0))
    assert "80.0 kg" in screen(view)
    assert "0 new readings" in screen(view)


@pytest.mark.parametrize(
    ("free", "standing"),
    [
        (checks.DISK_FREE_MIN - 1, Standing.TROUBLE),
        (checks.DISK_FREE_MIN, Standing.NOTE),
        (checks.DISK_FREE_LOW - 1, Standing.NOTE),
        (checks.DISK_FREE_LOW, Standing.GOOD),
    ],
)
def test_room_on_the_disk(free: int, standing: Standing) -> None:
    assert checks.disk("/data", free).standing == standing


@pytest.mark.parametrize(
    ("off", "standing"),
    [(0.0, Standing.GOOD), (5.0, Standing.GOOD), (5.1, Standing.TROUBLE), (-6.0, Standing.TROUBLE)],
)
def test_two_clocks(off: float, standing: Standing) -> None:
    assert checks.clock(NOW, NOW + dt.timedelta(seconds=off)).standing == standing


def test_a_missing_mosquitto_is_explained() -> None:
    found = checks.brokers(None, amqtt=True)
    assert found.standing == Standing.NOTE
    assert "amqtt instead: this machine only" in found.to_do
    assert checks.brokers(None, amqtt=False).standing == Standing.TROUBLE
    assert checks.brokers("/usr/sbin/mosquitto", amqtt=False).standing == Standing.GOOD


def test_what_would_not_survive_a_crash_is_trouble() -> None:
    (found,) = checks.durable(["fsync is off"])
    assert found.standing == Standing.TROUBLE
    assert checks.durable([])[0].standing == Standing.GOOD


def test_what_a_gateway_says_is_wrong_is_named() -> None:
    assert checks.hubs([]) == []
    (found,) = checks.hubs([("gw-1", "the disk is full")])
    assert (found.standing, found.found) == (Standing.NOTE, "gw-1 says: the disk is full")


def test_missing_readings_are_named() -> None:
    (found,) = checks.gaps([("gw-1", 3, "2 h")])
    assert found.found == "gw-1: 3 readings have been missing for 2 h"


@pytest.mark.parametrize(
    ("version", "standing"), [((3, 10, 9), Standing.TROUBLE), ((3, 11, 0), Standing.GOOD)]
)
def test_python_is_new_enough(version: tuple[int, ...], standing: Standing) -> None:
    assert checks.python(version).standing == standing


def test_errors_of_ours_are_said_in_one_line() -> None:
    assert explain(NotRunning("nothing runs")) == "nothing runs"
    assert explain(NotFoundError("patient", "there is none")) is not None
    assert explain(ExceptionGroup("tasks", [NotRunning("a"), NotRunning("b")])) == "a; b"


def test_what_the_system_says_comes_without_its_numbers() -> None:
    missing = FileNotFoundError(2, "No such file or directory", "/none/file")
    assert explain(missing) == "/none/file: no such file or directory"
    assert explain(OSError(28, "No space left on device")) == "no space left on device"
    refused = ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 1)")
    assert explain(refused) == "nothing answers there: Connect call failed ('127.0.0.1', 1)"
    assert explain(OSError("odd")) == "odd"


def test_bugs_keep_their_trace() -> None:
    assert explain(KeyError("x")) is None
    assert explain(ExceptionGroup("tasks", [NotRunning("a"), KeyError("x")])) is None


def test_people_of_the_demonstration_keep_their_names() -> None:
    one = name(key="home-0001-p1", home="home-0001", sex="male")
    assert one == name(key="home-0001-p1", home="home-0001", sex="male")
    assert one[1] == name(key="home-0001-p2", home="home-0001", sex="female")[1]
