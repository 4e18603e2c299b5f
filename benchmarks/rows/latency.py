"""From publish to receipt at 1,000 readings a second, everything on this machine's cores."""

import asyncio
from typing import Final

from benchmarks.report import Row, median, percentile, spread
from benchmarks.rig import steady
from benchmarks.rig.stage import Stage

WORK: Final = "publish to receipt at 1,000 readings/s"
UNIT: Final = "ms"
PER_S: Final = 1000.0
SECONDS: Final = 20
ROUNDS: Final = 3
LIMIT_MS: Final = 250.0


def measure(stage: Stage) -> list[Row]:
    """Percentiles of each run, and their medians over the runs."""
    runs = []
    for number in range(stage.rounds(ROUNDS)):
        runs.append(asyncio.run(_run(stage, seed=100 + number)))
        stage.say(f"  round {number + 1}: p50 {runs[-1][0]:.1f} ms, p99 {runs[-1][1]:.1f} ms")
    note = "200 gateways, single readings, QoS 1, receipts over the broker"
    return [
        Row(
            work=WORK,
            contender=name,
            value=median([run[place] for run in runs]),
            unit=UNIT,
            spread=spread([run[place] for run in runs]),
            required=f"< {LIMIT_MS:.0f} ms" if name == "p99" else "",
            met=median([run[place] for run in runs]) < LIMIT_MS if name == "p99" else None,
            note=note if place == 0 else "",
        )
        for place, name in enumerate(("p50", "p99", "slowest"))
    ]


async def _run(stage: Stage, *, seed: int) -> tuple[float, float, float]:
    async with steady.running(stage) as fleet:
        count = int(PER_S) * (3 if stage.quick else SECONDS)
        await fleet.send(steady.prepared(stage, count=count, seed=seed), per_s=PER_S)
        if not await fleet.settled(within_s=steady.SETTLE_S):
            raise RuntimeError(f"{fleet.waiting} readings got no receipt")
        took = steady.latencies_ms(fleet)
        return percentile(took, 50), percentile(took, 99), max(took)
