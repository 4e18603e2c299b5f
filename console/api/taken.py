"""What became of readings that were posted: the receipts, and in words what was wrong with some."""

from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from ingest.batch import Batch, Landed, answers
from wire.codec import decode_readings
from wire.decoded import Decoded
from wire.messages import Refusal


class Place(Struct, frozen=True, kw_only=True):
    """A reading that could not be read, where not even its id is legible."""

    pointer: str
    """Into the message."""
    detail: str
    """In words, without the value."""


class Rejection(Struct, frozen=True, kw_only=True):
    """A reading that could not be kept, and why: sending it again does not help."""

    id: UUID
    reason: str
    """`unreadable`, `id_reused` or `unstorable`."""
    pointer: str
    """Into the message."""
    detail: str
    """In words, without the value."""


class Taken(Struct, frozen=True, kw_only=True):
    """The receipts of the MQTT line, with more about what was refused."""

    v: int = 1
    committed: list[UUID] = []
    quarantined: list[Refusal] = []
    rejected: list[Rejection] = []
    unreadable: list[Place] | UnsetType = UNSET
    """Readings without a legible id, where there are any. They are in the dead letters, as the
    rejected ones are."""


def taken(payload: bytes, batch: Batch, landed: Landed) -> Taken:
    """The answer to a message of which at least the envelope could be read."""
    receipts = [message for _, message in answers(batch, landed).messages()]
    rejected = [one for message in receipts for one in message.rejected]
    # Read once more only where there is something to explain.
    decoded = decode_readings(payload) if rejected or batch.letters else None
    return Taken(
        committed=[one for message in receipts for one in message.committed],
        quarantined=[one for message in receipts for one in message.quarantined],
        rejected=_explained(rejected, decoded, landed) if decoded else [],
        unreadable=_nameless(decoded) or UNSET,
    )


def _nameless(decoded: Decoded | None) -> list[Place]:
    refused = decoded.refused if decoded else ()
    return [Place(pointer=one.pointer, detail=one.error) for one in refused if one.id is None]


def _explained(rejected: list[Refusal], decoded: Decoded, landed: Landed) -> list[Rejection]:
    places = _places(decoded)
    why = {one.id: (one.pointer, one.error) for one in decoded.refused}
    for row in landed.reused:
        place = f"{places[row.reading.id]}/id"
        why[row.reading.id] = place, "another reading already has this id"
    for row, rule in landed.bad:
        why[row.reading.id] = places[row.reading.id], f"the database refuses it: {rule}"
    return [
        Rejection(id=one.id, reason=one.reason, pointer=why[one.id][0], detail=why[one.id][1])
        for one in rejected
    ]


def _places(decoded: Decoded) -> dict[UUID, str]:
    """Where each good reading stood: between those that were refused, in its order."""
    refused = {one.pointer.split("/")[2] for one in decoded.refused}
    count = len(decoded.message.readings) + len(decoded.refused)
    free = (str(number) for number in range(count) if str(number) not in refused)
    return {
        reading.id: f"/readings/{number}"
        for reading, number in zip(decoded.message.readings, free, strict=True)
    }
