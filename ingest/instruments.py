"""What an ingest worker counts."""

from typing import Final

from ingest import letter_upkeep
from ingest.batch import Batch, Landed
from observe.metrics import SIZES, Metrics

AWAIT: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)


class Instruments:
    """One set per process."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._messages = metrics.counter("messages", "Messages taken off the line.")
        self._readings = metrics.counter("readings", "Readings by their fate.", ["fate"])
        self._letters = metrics.counter("dead_letters", "What could not be read or stored.")
        self._letters_kept = metrics.gauge(
            "dead_letters_kept", "Waiting for somebody, by how they are kept.", ["how"]
        )
        self._letter_bytes = metrics.gauge(
            "dead_letter_bytes", "Of dead letters that wait for somebody."
        )
        self._size = metrics.histogram(
            "batch_readings", "Readings in one transaction.", buckets=SIZES
        )
        self._seconds = metrics.histogram(
            "commit_seconds", "From the end of a batch to its receipts.", buckets=AWAIT
        )
        self.retries = metrics.counter("retries", "Times that a batch could not be committed.")
        self.receipts = metrics.counter("receipts", "Receipt messages handed to the broker.")
        self.receipts_lost = metrics.counter(
            "receipts_lost", "Receipts that the line could not take."
        )
        self.under_way = metrics.gauge("batches_under_way", "Batches between line and receipt.")
        self.gaps = metrics.gauge("gaps", "Gateways of which readings are missing.")
        self.holes_given_up = metrics.counter(
            "holes_given_up", "Holes no longer followed: a gateway left too many."
        )
        self.missing = metrics.gauge("missing_readings", "Readings that gateways made and we lack.")

    def letters_wait(self, waits: letter_upkeep.Totals) -> None:
        """Told by the one worker that looks; the others show nothing."""
        self._letters_kept.labels(how="whole").set(waits.letters - waits.truncated)
        self._letters_kept.labels(how="truncated").set(waits.truncated)
        self._letters_kept.labels(how="only_counted").set(waits.only_counted)
        self._letter_bytes.set(waits.bytes)

    def landed(self, batch: Batch, landed: Landed, *, seconds: float) -> None:
        """Count a finished batch."""
        held = sum(row.standing.reason is not None for row in landed.stored)
        fates = {
            "accepted": len(landed.stored) - held,
            "quarantined": held,
            "duplicate": len(landed.duplicates),
            "id_reused": len(landed.reused),
            "unstorable": len(landed.bad),
        }
        for fate, count in fates.items():
            if count:
                self._readings.labels(fate=fate).inc(count)
        self._messages.inc(len(batch.deliveries))
        self._letters.inc(len(batch.letters) + len(landed.reused) + len(landed.bad))
        self._size.observe(len(batch.rows))
        self._seconds.observe(seconds)
