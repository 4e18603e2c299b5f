"""How long a month of patients takes to be evaluated, and that it costs a patient a patient more.

    python -m benchmarks.billing_evaluate

The evaluator alone, on one core, with what each line needs: sixty readings and fifteen entries a
patient, logged by one nurse for every fifty patients, so that overlaps are looked for among all of
them. Not the database, which tests/integration/billing times.
"""

import datetime as dt
import random
import statistics
import time
from typing import Final
from zoneinfo import ZoneInfo

from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Asked, Device, Diary, Episode, Facts, Reading, TimeEntry
from billing.eligibility.policy import Policy
from billing.forecast.forecasting import forecast
from billing.rule_files import shipped

PATIENTS: Final = (500, 1000, 2000)
ROUNDS: Final = 3
READINGS: Final = 60
ENTRIES: Final = 15
PATIENTS_OF_A_NURSE: Final = 50
ZONES: Final = tuple(
    ZoneInfo(f"America/{city}") for city in ("New_York", "Chicago", "Denver", "Los_Angeles")
)
CONSENT: Final = dt.datetime(2026, 9, 1, 9, tzinfo=ZONES[0])
MONTH: Final = dt.datetime(2026, 10, 1, tzinfo=ZONES[0])
NOW: Final = dt.datetime(2026, 10, 20, 15, tzinfo=dt.UTC)
ASKED: Final = Asked(
    as_of=dt.date(2026, 11, 5), supply_periods=(1,), months=("2026-10",), setup=True
)


def ward(many: int) -> list[Facts]:
    """So many patients of October, with a fixed seed; one in seven minutes meets another's."""
    chance = random.Random(7)
    entries = [_entries(number, chance) for number in range(many)]
    diary = Diary(each for those in entries for each in those)
    return [
        Facts(
            patient=f"P{number}",
            payer="medicare_ffs",
            patient_zone=ZONES[number % len(ZONES)],
            practice_zone=ZONES[0],
            episode=Episode(
                program="RPM", consent_at=CONSENT, order_at=CONSENT,
                setup_education_date=CONSENT.date(),
            ),
            devices={"cuff": Device(type="blood_pressure")},
            readings=_readings(ZONES[number % len(ZONES)], chance),
            entries=those,
            elsewhere=diary,
        )
        for number, those in enumerate(entries)
    ]  # fmt: skip


def main() -> None:
    """Seconds for each number of patients, and what a patient costs of each."""
    book, policy = shipped(), Policy()
    print(f"{'patients':>9} {'evaluate':>10} {'a patient':>11} {'forecast':>10} {'lines':>7}")
    for many in PATIENTS:
        known = ward(many)
        spent, ahead, lines = [], [], 0
        for _ in range(ROUNDS):
            begun = time.process_time()
            lines = sum(len(evaluate(each, ASKED, book, policy).lines) for each in known)
            spent.append(time.process_time() - begun)
            begun = time.process_time()
            for each in known:
                forecast(each, NOW, book, policy)
            ahead.append(time.process_time() - begun)
        took = statistics.median(spent)
        print(
            f"{many:>9} {took:>8.2f} s {took / many * 1000:>8.2f} ms "
            f"{statistics.median(ahead):>8.2f} s {lines:>7}"
        )


def _readings(zone: ZoneInfo, chance: random.Random) -> tuple[Reading, ...]:
    """Two a day for a month, a few days left out."""
    made = []
    for number in range(READINGS):
        day = MONTH.date() + dt.timedelta(days=number // 2)
        at = dt.datetime.combine(day, dt.time(8 + 11 * (number % 2), chance.randrange(60)), zone)
        made.append(
            Reading(
                id=str(number),
                device="cuff" if chance.random() > 0.05 else None,
                source="device_auto",
                measured_at=at.astimezone(dt.UTC),
                received_at=at.astimezone(dt.UTC),
                local_day=day,
            )
        )
    return tuple(made)


def _entries(number: int, chance: random.Random) -> tuple[TimeEntry, ...]:
    made = []
    for each in range(ENTRIES):
        slot = (number % PATIENTS_OF_A_NURSE) * 9 + chance.randrange(3)
        start = MONTH + dt.timedelta(days=each * 2, hours=8, minutes=slot)
        made.append(
            TimeEntry(
                id=f"{number}-{each}",
                patient=f"P{number}",
                staff=f"nurse-{number // PATIENTS_OF_A_NURSE}",
                role="RN",
                program="RPM",
                mode="phone_live" if each % 5 == 0 else "none",
                activity="review",
                start=start.astimezone(dt.UTC),
                end=(start + dt.timedelta(minutes=chance.randrange(1, 9))).astimezone(dt.UTC),
            )
        )
    return tuple(made)


if __name__ == "__main__":
    main()
