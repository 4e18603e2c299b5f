"""Messages of one reading: one worker of ours, a subscriber that stores nothing, and peers."""

import asyncio
import datetime as dt
from typing import Final

from benchmarks.peers import contenders as peers
from benchmarks.peers.venv import PeersUnavailableError, ensure, versions
from benchmarks.report import Row, interleaved, median, spread
from benchmarks.rig import clinic, workload
from benchmarks.rig.backlog import Contender, Drained, drain
from benchmarks.rig.stage import Stage

WORK: Final = "single readings, backlog"
UNIT: Final = "readings/s"
COUNT: Final = 100_000
ROUNDS: Final = 5
REQUIRED: Final = 1.5

BASELINE: Final = "bare paho, acknowledges only"
OURS: Final = "hearthbeat, one ingest worker"
BARE: Final = "hearthbeat, held to the peers' work"
PATHWAY: Final = "pathway, upsert"
MQ_BRIDGE: Final = "mq-bridge, ON CONFLICT"

DOES: Final = {
    BASELINE: "stores nothing",
    OURS: "admission, attribution, 3 tables, gaps, receipts; acknowledges after the commit",
    BARE: "1 table with its primary key; receipts, queue, gaps and once-only keys left out",
    PATHWAY: "1 table; no admission, receipts, quarantine; a re-sent id overwrites",
    MQ_BRIDGE: "1 table; no admission, receipts, quarantine",
}

Messages = list[tuple[str, bytes]]


def measure(stage: Stage) -> list[Row]:
    """A B C D A B C D …: everyone drains the same backlog, medians."""
    now = dt.datetime.now(dt.UTC)
    made = workload.readings(stage.count(COUNT), of=stage.homes, now=now, seed=1)
    messages = workload.messages(made, of=stage.homes, each=1, now=now)
    everyone, absent = _contenders(stage, len(messages))
    samples = interleaved(
        {each.name: _runner(stage, each, messages) for each in everyone},
        rounds=stage.rounds(ROUNDS),
        say=stage.say,
    )
    return _rows(samples) + absent


def _runner(stage: Stage, contender: Contender, messages: Messages) -> "_Runner":
    return _Runner(stage, contender, messages)


class _Runner:
    """One run of one contender; a failure is a result too, and says why."""

    def __init__(self, stage: Stage, contender: Contender, messages: Messages) -> None:
        self._stage, self._contender, self._messages = stage, contender, messages

    def __call__(self) -> Drained | str:
        try:
            return asyncio.run(self._run())
        except (RuntimeError, TimeoutError, OSError) as error:
            return f"failed: {error}"

    async def _run(self) -> Drained:
        stage = self._stage
        async with stage.connect() as connection:
            await peers.make_table(connection)
            await clinic.clear(connection)
        return await drain(
            self._contender,
            self._messages,
            readings=len(self._messages),
            broker=stage.broker,
            database=stage.database,
            log=stage.folder / f"{self._contender.client_id}.log",
        )


def _contenders(stage: Stage, count: int) -> tuple[list[Contender], list[Row]]:
    ours = [
        peers.paho(stage, name=BASELINE, count=count),
        clinic.worker(stage.broker, stage.database, name=OURS),
        clinic.worker(stage.broker, stage.database, name=BARE, bare=True),
    ]
    try:
        python = ensure(stage.say)
    except PeersUnavailableError as error:
        return ours, [_failed(name, str(error)) for name in (PATHWAY, MQ_BRIDGE)]
    theirs = versions(python, "pathway", "mq-bridge")
    stage.say(f"  peers: {theirs}")
    return [
        *ours,
        peers.pathway(stage, python, name=f"{PATHWAY} ({theirs['pathway']})"),
        peers.mq_bridge(stage, python, name=f"{MQ_BRIDGE} ({theirs['mq-bridge']})"),
    ], []


def _rows(samples: dict[str, list[Drained | str]]) -> list[Row]:
    rows: list[Row] = []
    base = _rate(samples[BASELINE])
    for name, results in samples.items():
        drained = [each for each in results if isinstance(each, Drained)]
        if not drained:
            rows.append(_failed(name, str(results[-1])))
            continue
        ratio = _rate(results) / base if base else None
        rows.append(
            Row(
                work=WORK,
                contender=name,
                value=_rate(results),
                unit=UNIT,
                spread=spread([each.per_s for each in drained]),
                against="" if name == BASELINE else BASELINE,
                ratio=ratio,
                required=f">= {REQUIRED} x" if name == OURS else "",
                met=ratio is not None and ratio >= REQUIRED if name == OURS else None,
                note=f"{_does(name)}; {_cpu(drained)}",
            )
        )
    return rows


def _rate(results: list[Drained | str]) -> float:
    rates = [each.per_s for each in results if isinstance(each, Drained)]
    return median(rates) if rates else 0.0


def _cpu(drained: list[Drained]) -> str:
    """CPU seconds per 100,000 readings: own, broker, database."""
    parts = [
        f"{median([getattr(each, field) / each.messages for each in drained]) * 1e5:.1f}"
        for field in ("own_cpu_s", "broker_cpu_s", "database_cpu_s")
    ]
    return f"CPU s per 100,000: own {parts[0]}, broker {parts[1]}, database {parts[2]}"


def _does(name: str) -> str:
    return next(text for start, text in DOES.items() if name.startswith(start))


def _failed(name: str, why: str) -> Row:
    return Row(work=WORK, contender=name, value=0, unit=UNIT, note=f"not measured: {why}")
