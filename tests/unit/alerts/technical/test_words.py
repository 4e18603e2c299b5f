"""Missing and technical items in words."""

import datetime as dt

import pytest

from alerts.technical.facts import LastReading, Scene
from alerts.technical.items import RULES
from alerts.technical.words import SENTENCES, said
from tests.unit.alerts.technical.scenes import (
    ANN,
    BOB,
    DAY,
    HOUR,
    NEW_YORK,
    NOW,
    SCALE,
    Queue,
    gateway,
    held,
    patient,
    plan,
    scale,
    scene,
    sighting,
)
from vitals.kinds import Kind

HEARD = dt.datetime(2026, 11, 19, 8, 14, tzinfo=NEW_YORK)


def _words(of: Scene) -> list[str]:
    queue = Queue()
    queue.sweep(of)
    return [said(alert.reason, zone=NEW_YORK) for alert in queue.kept.values()]


def test_every_rule_has_words() -> None:
    assert {rule.replace("-", "_") for rule in RULES} == SENTENCES.keys()


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (
            scene(
                gateways=[gateway(heard_at=HEARD)],
                devices=[scale(ANN, BOB)],
                patients=[patient(ANN), patient(BOB, plan(BOB))],
            ),
            "Hub home-1 has not been heard since 08:14 on 19 Nov; 2 patients are waiting behind it",
        ),
        (
            scene(gateways=[gateway(heard_at=HEARD, label="Kitchen")], devices=[]),
            (
                "Hub home-1 (Kitchen) has not been heard since 08:14 on 19 Nov; nobody is waiting"
                " behind it"
            ),
        ),
        (
            scene(gateways=[gateway(heard_at=None, enrolled_at=HEARD - DAY)]),
            (
                "Hub home-1 has never been heard since it was enrolled at 08:14 on 18 Nov; 1"
                " patient is waiting behind it"
            ),
        ),
        *(
            (
                scene(gateways=[gateway(told=True, trouble=said_by_it, trouble_at=HEARD)]),
                (
                    f"Hub home-1 cannot do its work, it says: {said_by_it}; {help_}; 1 patient is"
                    " waiting behind it"
                ),
            )
            for said_by_it, help_ in (
                (
                    "no Bluetooth adapter: BlueZ (bluetoothd) is not running",
                    "it does not hear the devices: is its Bluetooth adapter plugged in?",
                ),
                (
                    "the Bluetooth adapter does not answer",
                    "it does not hear the devices: switch the hub off and on again",
                ),
                (
                    "the disk is full",
                    "it can keep no new measurements: somebody must make room on it",
                ),
                (
                    "the hub does not know the time yet",
                    "is it connected to the internet?",
                ),
                ("something new", "look after it"),
            )
        ),
        *(
            (
                scene(gateways=[gateway(told=True, undecodable=count)]),
                (
                    f"Hub home-1 keeps {messages} of its devices that it cannot read: no reading"
                    f" came of {them}; tell whoever looks after the hubs"
                ),
            )
            for count, messages, them in ((1, "1 message", "it"), (2, "2 messages", "them"))
        ),
        (
            scene(devices=[scale(label="Bathroom", sighting=sighting(battery=19))]),
            f"Device Bathroom ({SCALE}) has 19 % left in its battery, limit 20 %",
        ),
        (
            scene(devices=[scale(sighting=sighting(battery=19, trouble="bond_lost"))]),
            (
                f"Device and-uc-352ble ({SCALE}) has lost its pairing with hub home-1: pair it"
                " again; its battery is low too"
            ),
        ),
        (
            scene(devices=[scale(label="Bathroom", sighting=sighting(clock_drift_s=-360))]),
            f"The clock of device Bathroom ({SCALE}) is 6 minutes behind: set it",
        ),
        (
            scene(devices=[scale(label="Bathroom", sighting=sighting(clock_drift_s=-157_788_000))]),
            f"The clock of device Bathroom ({SCALE}) is about 5 years behind: set it",
        ),
        (
            scene(
                devices=[
                    scale(sighting=sighting(last_seen=HEARD - 4 * DAY), read_at=NOW - 20 * DAY)
                ]
            ),
            (
                f"Device and-uc-352ble ({SCALE}) has not been seen since 08:14 on 15 Nov: is it"
                " near the hub, and its battery full?"
            ),
        ),
        (
            scene(devices=[scale(read_at=None, sighting=None)]),
            (
                f"Device and-uc-352ble ({SCALE}) has never been seen since it was handed out at"
                " 13:00 on 10 Oct: is it near the hub, and its battery full?"
            ),
        ),
        (
            scene(held=(held(count=2, last_received=HEARD), held("no_value", last_received=HEARD))),
            (
                f"3 readings of device {SCALE} are held back and not counted: 2 with an"
                " impossible weight, 1 without a number; the latest came at 08:14 on 19 Nov"
            ),
        ),
        (
            scene(held=(held("ambiguous_user", ambiguous=True, last_received=HEARD),)),
            (
                f"Whose is 1 reading of device {SCALE}? The latest came at 08:14 on 19 Nov; they"
                " count for nobody until it is said"
            ),
        ),
        (
            scene(last={(ANN, Kind.WEIGHT): LastReading(NOW - 2 * DAY - HOUR, SCALE)}),
            (
                "No weight on 2 expected days in a row (the last was on 17 Nov), and its device"
                " was not in use since: not measured, or its battery is empty"
            ),
        ),
        (
            scene(devices=[], last={}),
            (
                "No weight on 40 expected days in a row (none before), and no device for it is"
                " assigned"
            ),
        ),
    ],
)
def test_it_is_said_plainly(of: Scene, words: str) -> None:
    assert _words(of) == [words]
