"""What `doctor` finds: a check says in words how things stand and what to do about it. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How bad it is."""

    GOOD = "ok"
    NOTE = "note"  # Nothing is wrong; worth knowing.
    TROUBLE = "trouble"  # Something does not work, or data is in danger.


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding."""

    about: str
    standing: Standing
    found: str
    to_do: str = ""


PYTHON_MIN: Final = (3, 11)
DISK_FREE_MIN: Final = 1 << 30
DISK_FREE_LOW: Final = 5 << 30
CLOCK_OFF_MAX: Final = dt.timedelta(seconds=5)
QUEUE_LONG: Final = 1_000


def good(about: str, found: str) -> Check:
    return Check(about=about, standing=Standing.GOOD, found=found)


def note(about: str, found: str, to_do: str = "") -> Check:
    return Check(about=about, standing=Standing.NOTE, found=found, to_do=to_do)


def trouble(about: str, found: str, to_do: str) -> Check:
    return Check(about=about, standing=Standing.TROUBLE, found=found, to_do=to_do)


def python(version: Sequence[int]) -> Check:
    shown = ".".join(map(str, version[:3]))
    if tuple(version[:2]) < PYTHON_MIN:
        return trouble("Python", f"this is {shown}", "install Python 3.11 or newer")
    return good("Python", shown)


def second_factors(*, sealed: bool) -> Check:
    if sealed:
        return good("second factors", "are sealed in the database")
    return note(
        "second factors",
        "stand in the database, and in backups, as they are",
        "set console.secret_key to 32 random characters, and keep a copy elsewhere",
    )


def disk(where: str, free_bytes: int) -> Check:
    shown = f"{free_bytes / (1 << 30):.1f} GiB free at {where}"
    if free_bytes < DISK_FREE_MIN:
        return trouble(
            "disk", shown, "make room: on a full disk readings wait on the gateways until there is"
        )
    if free_bytes < DISK_FREE_LOW:
        return note("disk", shown, "make room before it is short")
    return good("disk", shown)


def clock(ours: dt.datetime, databases: dt.datetime) -> Check:
    off = abs(ours - databases)
    if off > CLOCK_OFF_MAX:
        return trouble(
            "clock",
            f"this machine and the database are {off.total_seconds():.0f} s apart",
            "let both keep time by NTP: readings from the future are quarantined",
        )
    return good("clock", "this machine and the database agree")


def durable(problems: Sequence[str]) -> list[Check]:
    if not problems:
        return [good("durability", "what is committed survives a crash of the database")]
    return [
        trouble("durability", problem, "until then ingest sends no receipts and gateways keep all")
        for problem in problems
    ]


def brokers(mosquitto: str | None, *, amqtt: bool) -> Check:
    """Of the parts that `up` would use; a real broker is looked at by its address."""
    if mosquitto is not None:
        return good("mosquitto", mosquitto)
    meaning = (
        "`hearthbeat up` then runs amqtt instead: this machine only, MQTT 3.1.1, one ingest "
        "worker, slower; nothing is lost, as gateways keep readings until they have a receipt"
    )
    if amqtt:
        return note("mosquitto", "not installed", f"{meaning}. apt-get install mosquitto")
    return trouble(
        "mosquitto",
        "neither mosquitto nor amqtt is installed",
        "apt-get install mosquitto, or pip install hearthbeat[demo], or name a broker: HB_MQTT_URL",
    )


def bluetooth(adapters: Sequence[str], *, bleak: bool) -> Check:
    if not bleak:
        return note("Bluetooth", "this installation has no gateway part", "hearthbeat[gateway]")
    if not adapters:
        return note(
            "Bluetooth",
            "no adapter: simulated homes need none",
            "a home gateway needs one: plug it in, or `rfkill unblock bluetooth`",
        )
    return good("Bluetooth", ", ".join(adapters))


def queue(to_evaluate: int, on_gateways: int) -> Check:
    shown = f"{to_evaluate:,} readings to evaluate, {on_gateways:,} on gateways without a receipt"
    if on_gateways > QUEUE_LONG:
        return note("queues", shown, "watch whether it falls: `hearthbeat watch`")
    return good("queues", shown)


def alerts(troubles: Sequence[str]) -> list[Check]:
    """`troubles`: what the auditor of alerts found, in words."""
    if not troubles:
        return [good("alerts", "nothing that was due was forgotten")]
    to_do = "is `hearthbeat alerts` running? Its log says what fails"
    return [trouble("alerts", each, to_do) for each in troubles]


def on_call(uncovered: Sequence[tuple[str, int, str]], *, wanted: bool) -> list[Check]:
    """`uncovered`: clinic, gaps within 14 days, when the first begins; `wanted`: by a ladder."""
    if not uncovered:
        return [good("on call", "somebody is, at every minute of the next 14 days")]
    if not wanted:
        return [good("on call", "no plan's ladder asks for it yet")]
    return [
        note(
            "on call",
            f"{clinic}: nobody {_times(count)} from {first}",
            "`hearthbeat on-call add`; until then the next in line are told: clinicians, admins",
        )
        for clinic, count, first in uncovered
    ]


def _times(count: int) -> str:
    return "once within 14 days," if count == 1 else f"at {count} times within 14 days, first"


def hubs(ailing: Sequence[tuple[str, str]]) -> list[Check]:
    """`ailing`: gateway, what it says keeps it from its work."""
    to_do = "docs/gateway.md says what helps"
    return [note("gateways", f"{gateway} says: {words}", to_do) for gateway, words in ailing]


def gaps(missing: Sequence[tuple[str, int, str]]) -> list[Check]:
    """`missing`: gateway, how many readings, for how long (`3 h`)."""
    if not missing:
        return [good("gaps", "no reading is known to be missing")]
    return [
        trouble(
            "gaps",
            f"{gateway}: {count} readings have been missing for {since}",
            "the gateway is asked to send them again; `hearthbeat gateway gaps` names them",
        )
        for gateway, count, since in missing
    ]
