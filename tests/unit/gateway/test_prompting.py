"""What the home is asked for: shown when it changes, gone when it is answered or over."""

import datetime as dt
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.prompt import FILE, HomePrompt
from gateway.prompting import Prompting, still_open
from gateway.sightings import HoldOff, hurried
from tests.unit.gateway.builders import CUFF, NOW, outbox_in, reading
from tests.unit.gateway.test_commands import book_of
from wire.codec import encode
from wire.messages import Commands, MeasureAgain, Receipts

MINUTE = dt.timedelta(minutes=1)
AGAIN = MeasureAgain(device=CUFF, kind="blood_pressure", until=NOW + 30 * MINUTE)


class FakePrompt:
    def __init__(self) -> None:
        self.shown: list[tuple[MeasureAgain, ...]] = []

    async def show(self, requests: Sequence[MeasureAgain]) -> None:
        self.shown.append(tuple(requests))


class Asked:
    """A clinic and a clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.asked: tuple[MeasureAgain, ...] = ()
        self.awaited: list[frozenset[str]] = []
        self.prompt = FakePrompt()
        self.prompting = Prompting(
            self.prompt,
            asked=lambda: self.asked,
            now=lambda: self.now,
            await_news=self.awaited.append,
        )


async def test_a_request_is_shown_once_and_gone_when_the_clinic_says_so() -> None:
    home = Asked()
    home.asked = (AGAIN,)
    await home.prompting.look()
    await home.prompting.look()
    home.asked = ()
    await home.prompting.look()
    assert home.prompt.shown == [(AGAIN,), ()]
    assert home.awaited == [frozenset({CUFF.upper()}), frozenset()]


async def test_a_request_is_gone_when_its_time_is_over_and_nobody_says_so() -> None:
    home = Asked()
    home.asked = (AGAIN,)
    await home.prompting.look()
    home.now = AGAIN.until
    await home.prompting.look()
    assert home.prompt.shown == [(AGAIN,), ()]


async def test_what_a_killed_hub_left_on_the_display_is_cleared_at_the_start() -> None:
    home = Asked()
    await home.prompting.look()
    assert home.prompt.shown == [()]


def test_a_request_is_open_until_just_before_its_end() -> None:
    instant = dt.timedelta(microseconds=1)
    assert still_open([AGAIN], now=AGAIN.until - instant) == (AGAIN,)
    assert still_open([AGAIN], now=AGAIN.until) == ()
    assert still_open([AGAIN], now=AGAIN.until + instant) == ()


def test_a_device_that_is_awaited_is_left_alone_for_ten_seconds_at_most() -> None:
    assert hurried(HoldOff(until=1300, in_vain=4), now=1000) == HoldOff(until=1010, in_vain=4)
    assert hurried(HoldOff(until=1003), now=1000) == HoldOff(until=1003)


async def test_the_file_holds_what_is_asked_for_and_nothing_personal(tmp_path: Path) -> None:
    await HomePrompt(tmp_path).show([AGAIN])
    said = json.loads((tmp_path / FILE).read_bytes())
    assert said == {
        "measure_again": [
            {
                "device": CUFF,
                "kind": "blood_pressure",
                "until": AGAIN.until.isoformat().replace("+00:00", "Z"),
            }
        ]
    }
    await HomePrompt(tmp_path).show([])
    assert json.loads((tmp_path / FILE).read_bytes()) == {"measure_again": []}


async def test_a_program_reads_it_from_its_standard_input(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    script = f"import sys; open({os.fspath(heard)!r}, 'w').write(sys.stdin.read())"
    await HomePrompt(tmp_path, program=[sys.executable, "-c", script]).show([AGAIN])
    assert heard.read_bytes() + b"\n" == (tmp_path / FILE).read_bytes()


async def test_a_program_that_is_not_there_or_fails_stops_nothing(tmp_path: Path) -> None:
    await HomePrompt(tmp_path, program=["/no/such/program"]).show([AGAIN])
    await HomePrompt(tmp_path, program=[sys.executable, "-c", "raise SystemExit(3)"]).show([AGAIN])
    await HomePrompt(tmp_path / "gone").show([AGAIN])
    assert (tmp_path / FILE).exists()


def test_a_request_does_not_have_everything_sent_again_once_more(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    kept = outbox.add(*[reading(number) for number in range(3)], now=NOW)
    receipts = Receipts(committed=[one.id for one in kept])
    outbox.settle(receipts, now=NOW)
    book = book_of(file, outbox)
    assert book.obey(encode(Commands(resend_from=1, at=NOW)), retained=False) == 3
    outbox.settle(receipts, now=NOW)
    asked = Commands(resend_from=1, at=NOW, measure_again=[AGAIN])
    assert book.obey(encode(asked), retained=False) == 0
    assert [*book.measure_again] == [AGAIN]
    assert book.obey(encode(Commands(resend_from=1, at=NOW)), retained=False) == 0
    assert [*book.measure_again] == []
    assert book.obey(encode(Commands(resend_from=1, at=NOW + MINUTE)), retained=False) == 3
    file.close()
