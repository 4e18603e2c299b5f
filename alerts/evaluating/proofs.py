"""Which readings an alert rests on, kept beside it."""

import math
from collections.abc import Sequence
from typing import Final

from alerts.evaluating.reconcile import Proof
from alerts.judging.batch import EPOCH
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("alerts", "evaluation.sql")


async def write_proofs(conn: Connection, proofs: Sequence[Proof]) -> None:
    """From each proof's instant on its readings take the place of what was there."""
    if not proofs:
        return
    await conn.execute(
        QUERIES["forget_proof"],
        [proof.alert_id for proof in proofs],
        [proof.since or EPOCH for proof in proofs],
    )
    kept = [(proof, reading) for proof in proofs for reading in proof.readings]
    if kept:
        await conn.execute(
            QUERIES["prove"],
            [proof.alert_id for proof, _ in kept],
            [reading.at for _, reading in kept],
            [reading.reading for _, reading in kept],
            [str(proof.severity) for proof, _ in kept],
            [reading.value if math.isfinite(reading.value) else None for _, reading in kept],
        )
