"""The one description of the database: every table, as SQLAlchemy metadata."""

from store.schema.base import UNCLAIMED, metadata
from store.schema.clinic import (
    ROLES,
    TRANSPORTS,
    device_assignments,
    devices,
    gateways,
    organisations,
    patients,
    sessions,
    users,
)
from store.schema.pipeline import (
    dead_letter_senders,
    dead_letters,
    evaluation_queue,
    gateway_health,
    gateway_progress,
)
from store.schema.readings import ATTRIBUTIONS, METRIC_COLUMNS, reading_keys, readings

__all__ = [
    "ATTRIBUTIONS",
    "METRIC_COLUMNS",
    "ROLES",
    "TRANSPORTS",
    "UNCLAIMED",
    "dead_letter_senders",
    "dead_letters",
    "device_assignments",
    "devices",
    "evaluation_queue",
    "gateway_health",
    "gateway_progress",
    "gateways",
    "metadata",
    "organisations",
    "patients",
    "reading_keys",
    "readings",
    "sessions",
    "users",
]
