"""How long two hundred rows of the queue take to be made, and how much they weigh.

    python -m benchmarks.queue_page

The template and the words; not the database, which tests/integration/console/test_queue.py times.
"""

import datetime as dt
import gzip
import statistics
import time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from console.access import REGISTRARS
from console.queue.facts import Item, Person, Point, Row, grouped
from console.queue.pages import SEVERITIES, STATE_ICONS
from console.queue.view import row_view
from console.web.formats import Units
from console.web.templates import environment
from tests.unit.alerts.factory import NOW, alert

ROWS: Final = 200
ROUNDS: Final = 30
ZONE: Final = ZoneInfo("America/New_York")
ME: Final = UUID(int=1)


def queue(many: int = ROWS) -> tuple[list[Item], dict[UUID, Person], dict[Any, tuple[Point, ...]]]:
    """Patients whose pressure is high, each with twelve readings."""
    items: list[Item] = []
    people: dict[UUID, Person] = {}
    points: dict[Any, tuple[Point, ...]] = {}
    facts = {"metric": "systolic", "value": 184.0, "op": ">=", "limit": 180.0,
             "at": NOW.isoformat(), "readings": 3, "within_min": 30}  # fmt: skip
    for number in range(many):
        patient = UUID(int=number + 1000)
        at = NOW - dt.timedelta(minutes=number)
        items.append(
            Item(
                alert=alert(
                    id=UUID(int=number),
                    patient_id=patient,
                    subject=str(patient),
                    onset_at=at,
                    last_at=at,
                    reason={"code": "no_repeat", "facts": facts},
                    acknowledge_by=NOW + dt.timedelta(minutes=number - 20),
                    bound={"metric": "systolic", "op": ">=", "value": 180.0, "clear": None},
                ),
                taken_by=None,
                put_off_by=None,
                reopen_at=None,
            )
        )
        people[patient] = Person(
            id=patient, name=f"Castellano-{number}, Ruth", mrn=str(48000 + number),
            born=dt.date(1940, 3, 5), zone=ZONE, units=Units(weight="lb"),
            programmes=("hypertension",),
        )  # fmt: skip
        points[patient, "systolic"] = tuple(
            Point(at=at - dt.timedelta(hours=12 * back), value=184.0 - back * 3 % 17)
            for back in range(12)
        )
    return items, people, points


def made(items: list[Item], people: Any, points: Any) -> str:
    """As console.queue.pages makes them."""
    rows: list[Row] = grouped(items, people=people, lookers={}, points=points)
    return environment().get_template("queue/rows.html").render(
        rows=[row_view(row, zone=ZONE, now=NOW) for row in rows],
        left_out=[], acts=bool(REGISTRARS), me=str(ME), severities=SEVERITIES,
        stateicons=STATE_ICONS,
    )  # fmt: skip


def main() -> None:
    """One line of milliseconds of the processor, one of bytes."""
    given = queue()
    html = made(*given)
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        made(*given)
        took.append((time.process_time() - began) * 1000)
    packed = len(gzip.compress(html.encode(), compresslevel=6))
    print(f"{ROWS} rows: median {statistics.median(took):.1f} ms, worst {max(took):.1f} ms")
    print(f"{len(html.encode()):,} bytes, {packed:,} packed")


if __name__ == "__main__":
    main()
