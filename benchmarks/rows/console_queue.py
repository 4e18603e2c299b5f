"""The nurse's queue with 200 rows: made, answered, and what travels to the browser."""

import asyncio
import time
from typing import Final

from benchmarks import queue_page
from benchmarks.report import Row, median, number, spread
from benchmarks.rig import console, pages, practice
from benchmarks.rig.stage import Stage

WORK: Final = f"queue of {queue_page.ROWS} rows"
ROUNDS: Final = 20
LIMIT_MS: Final = 50.0
PAGE_KB: Final = 100.0
SCRIPT_KB: Final = 30.0


def measure(stage: Stage) -> list[Row]:
    made = _made(stage.rounds(ROUNDS))
    took, weight = asyncio.run(_answered(stage))
    raw = ", ".join(f"{kind} {size / 1e3:.0f}" for kind, size in weight.raw.items())
    sent = ", ".join(f"{kind} {size / 1e3:.1f}" for kind, size in weight.sent.items())
    return [
        *(
            Row(
                work=WORK,
                contender=f"from what was read to HTML, {name}",
                value=median(values),
                unit="ms",
                spread=spread(values),
                required=f"< {LIMIT_MS:.0f} ms",
                met=median(values) < LIMIT_MS,
            )
            for name, values in made.items()
        ),
        Row(
            work=WORK,
            contender="the whole answer over HTTP",
            value=median(took),
            unit="ms",
            spread=spread(took),
            note="sign-in looked up, four statements, rows made and packed, audit written",
        ),
        Row(
            work=WORK,
            contender="page as transferred",
            value=weight.whole / 1e3,
            unit="kB",
            required=f"< {PAGE_KB:.0f} kB",
            met=weight.whole / 1e3 < PAGE_KB,
            note=f"kB: {sent}; unpacked: {raw}",
        ),
        Row(
            work=WORK,
            contender="script as transferred",
            value=weight.sent["js"] / 1e3,
            unit="kB",
            required=f"< {SCRIPT_KB:.0f} kB",
            met=weight.sent["js"] / 1e3 < SCRIPT_KB,
            note=f"{number(weight.raw['js'] / 1e3)} kB unpacked, with all its comments",
        ),
    ]


def _made(times: int) -> dict[str, list[float]]:
    """By the wall, and by the processor, which the machine's other work does not change as much."""
    given = queue_page.queue()
    wall: list[float] = []
    processor: list[float] = []
    for _ in range(times + 3):
        began, used = time.perf_counter(), time.process_time()
        queue_page.made(*given)
        wall.append((time.perf_counter() - began) * 1e3)
        processor.append((time.process_time() - used) * 1e3)
    return {"by the wall": wall[3:], "by the processor": processor[3:]}


async def _answered(stage: Stage) -> tuple[list[float], pages.Weight]:
    _, team, _ = await practice.furnished(stage, "queue page", rows=queue_page.ROWS, people=1)
    with console.running(stage) as running:
        async with pages.as_browser(running.base, team[0]) as client:
            took = await pages.timed(client, "/queue", times=stage.rounds(ROUNDS))
            return took, await pages.weight(client, "/queue")
