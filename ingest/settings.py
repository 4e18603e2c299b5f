"""What an ingest worker needs to know, apart from where the database and the broker are."""

import datetime as dt

from msgspec import Struct

from ingest.letter_quota import LetterQuota


class IngestSettings(Struct, frozen=True, kw_only=True):
    """One worker. The defaults are those that were measured: docs/ingest.md tells how."""

    worker: int = 0
    """Its fixed number: a broker remembers sessions by it."""
    batch_readings: int = 500
    """In one transaction while there is no backlog, and the size that waiting aims at."""
    backlog_readings: int = 6000
    """In one transaction at most, when more is waiting."""
    batch_bytes: int = 4 * 1024 * 1024
    batch_wait_s: float = 0.02
    """How long the first message of a batch waits for others."""
    commits_in_flight: int = 3
    """While PostgreSQL commits one batch, the next is sent, and the one after that decoded."""
    retry_first_s: float = 0.1
    retry_most_s: float = 5.0
    """Between two tries while the database is away."""
    drain_s: float = 7.0
    """To finish what is under way when asked to stop: with goodbyes, below 10 s."""
    lag_most_s: float = 60.0
    """A batch that waits longer than this for its commit makes the worker unready."""
    letter_quota: LetterQuota = LetterQuota()
    """What is kept of one gateway's unreadable messages."""
    handled_letters_kept: dt.timedelta = dt.timedelta(days=30)
    """Dead letters that are readings by now, or were dismissed; others stay for ever."""
    allow_unsafe_database: bool = False
    """Tests only: receipt what a crash of the database would lose."""
    health_host: str = "127.0.0.1"
    health_port: int = 0
