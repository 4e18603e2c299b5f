"""Opens what came off the line into a batch: topic, envelope, readings, statuses. No waiting."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from structlog import get_logger

from care.snapshot import Snapshot
from ingest.admission import Admission
from ingest.batch import Batch, Refused
from ingest.dead_letters import Letter
from ingest.health_rows import Said
from ingest.owners import Owners
from store.schema import UNCLAIMED
from wire import topics
from wire.codec import decode_many, decode_readings, decode_status
from wire.decoded import RefusedReading
from wire.delivery import Delivery
from wire.errors import BadTopic, Unreadable
from wire.messages import Status
from wire.topics import Leaf

log = get_logger()

TOPICS_REMEMBERED_MAX: Final = 50_000
"""A parsed topic is remembered; more than this many means that somebody is making them up."""

Heard = Callable[[str, Status], None]
"""Told when a gateway has said how it is."""


def _nobody_asks(_gateway: str, _status: Status) -> None:
    """Where nobody waits for gateways to speak."""


class Unpacking:
    """Turns deliveries into batches, by the directory of the moment."""

    def __init__(self, current: Callable[[], Snapshot], *, heard: Heard = _nobody_asks) -> None:
        self._current = current
        self._heard = heard
        self._owners = Owners(current())
        self._parsed: dict[str, tuple[str, Leaf]] = {}

    def begin(self, now: dt.datetime) -> Batch:
        """An empty batch, to be judged by what is known now."""
        snapshot = self._current()
        if self._owners.snapshot is not snapshot:
            self._owners = Owners(snapshot)
        return Batch(Admission(snapshot, now=now, owners=self._owners), received_at=now)

    def add(self, batch: Batch, delivery: Delivery) -> None:
        """All that the delivery says goes into the batch; its content never makes this raise."""
        batch.deliveries.append(delivery)
        topic = delivery.topic
        try:
            gateway, leaf = self._parsed.get(topic) or self._parse(topic)
            if leaf is Leaf.READINGS:
                unpack_readings(batch, gateway, delivery.payload)
            elif leaf is Leaf.STATUS:
                self._status(batch, gateway, delivery.payload)
        except BadTopic as error:
            batch.letters.append(Letter(topic, delivery.payload, str(error)))
        except Exception as error:
            # The one place where everything is caught: a message that trips a bug of ours would
            # otherwise kill every worker that the broker hands it to, one after the other.
            log.exception("a message could not be handled")
            why = f"it could not be handled: {type(error).__name__}"
            batch.letters.append(Letter(topic, delivery.payload, why))

    def add_all(self, batch: Batch, deliveries: Sequence[Delivery], *, most: int) -> int:
        """As `add` for each, in order, which together cost less, until the batch holds `most` rows;
        how many were added.
        """
        before = len(batch.deliveries)
        try:
            self._add_together(batch, deliveries, most)
        except Exception:
            log.exception("messages could not be handled together")
            self.add(batch, deliveries[len(batch.deliveries) - before])  # It may be this one.
        return len(batch.deliveries) - before

    def _add_together(self, batch: Batch, deliveries: Sequence[Delivery], most: int) -> None:
        read = decode_many([delivery.payload for delivery in deliveries])
        parsed, admit = self._parsed, batch.admission.admit
        for delivery, message in zip(deliveries, read, strict=True):
            known = parsed.get(delivery.topic)
            if message is None or known is None or known[1] is not Leaf.READINGS:
                self.add(batch, delivery)
            else:
                batch.rows += admit(message.readings, gateway_id=known[0], sent_at=message.sent_at)
                batch.deliveries.append(delivery)
            if len(batch.rows) >= most:
                return

    def _status(self, batch: Batch, gateway: str, payload: bytes) -> None:
        status = unpack_status(batch, gateway, payload)
        if status is not None:
            self._heard(gateway, status)

    def _parse(self, topic: str) -> tuple[str, Leaf]:
        if len(self._parsed) >= TOPICS_REMEMBERED_MAX:
            self._parsed.clear()
        self._parsed[topic] = parsed = topics.parse(topic)
        return parsed


def unpack_readings(batch: Batch, gateway: str, payload: bytes) -> None:
    """A readings message of this gateway, whatever way it came: all its rows, or none."""
    try:
        decoded = decode_readings(payload)
    except Unreadable as error:
        _keep(batch, gateway, topics.readings(gateway), payload, error.error, error.pointer)
        return
    message = decoded.message
    batch.rows += batch.admission.admit(
        message.readings, gateway_id=gateway, sent_at=message.sent_at
    )
    for refused in decoded.refused:
        _refuse(batch, gateway, refused)


def unpack_status(batch: Batch, gateway: str, payload: bytes) -> Status | None:
    """A status message of this gateway; None where it said nothing."""
    if not payload:  # How a retained status is taken back.
        return None
    try:
        status = decode_status(payload)
    except Unreadable as error:
        _keep(batch, gateway, topics.status(gateway), payload, error.error, error.pointer)
        return None
    organisation = batch.admission.organisation_of(gateway) or UNCLAIMED
    batch.said.append(Said(gateway, organisation, status))
    return status


def _refuse(batch: Batch, gateway: str, refused: RefusedReading) -> None:
    """One unreadable reading among others: it goes to the dead letters alone."""
    topic = topics.readings(gateway)
    _keep(batch, gateway, topic, refused.raw, refused.error, refused.pointer)
    if refused.id is not None:
        batch.refused.append(Refused(gateway, refused.id))
    seq = _seq_of(refused.raw)
    if seq is not None:
        batch.also_received.append((gateway, seq))


def _keep(batch: Batch, gateway: str, topic: str, payload: bytes, error: str, pointer: str) -> None:
    organisation = batch.admission.organisation_of(gateway)
    batch.letters.append(Letter(topic, payload, error, pointer, gateway, organisation))


class _Numbered(msgspec.Struct):
    seq: int | None = None


def _seq_of(raw: bytes) -> int | None:
    """The outbox number of a reading that is otherwise unreadable: it did arrive."""
    try:
        seq = msgspec.json.decode(raw, type=_Numbered).seq
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return seq if seq is not None and 0 <= seq < 2**62 else None
