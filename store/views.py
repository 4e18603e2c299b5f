"""One view per kind of measurement: its own columns only, units in their names."""

from typing import Final

from vitals.kinds import PANELS, Kind, Panel
from vitals.metrics import Metric
from vitals.units import Unit

UNIT_SUFFIX: Final[dict[Unit, str]] = {
    Unit.MMHG: "mmhg",
    Unit.PER_MINUTE: "per_min",
    Unit.KG: "kg",
    Unit.CM: "cm",
    Unit.KG_PER_M2: "kg_per_m2",
    Unit.PERCENT: "percent",
    Unit.MG_PER_DL: "mg_per_dl",
    Unit.CELSIUS: "celsius",
    Unit.OHM: "ohm",
    Unit.KILOJOULE: "kj",
}

COMMON: Final = (
    "id",
    "organisation_id",
    "patient_id",
    "gateway_id",
    "device",
    "device_id",
    "assignment_id",
    "measured_at",
    "utc_offset_s",
    "local_day",
    "time_quality",
    "received_at",
    "user_slot",
    "flags",
    "special",
    "context",
    "attribution",
    "reason",
    "conflict_with",
)
"""What every view shows before its metrics."""


def column_name(metric: Metric) -> str:
    """The metric's name with its unit: `systolic_mmhg`."""
    return f"{metric.name}_{UNIT_SUFFIX[metric.unit]}"


def view_columns(kind: Kind) -> tuple[str, ...]:
    return COMMON + tuple(column_name(metric) for metric in PANELS[kind].metrics)


def create_view(panel: Panel) -> str:
    """The statement a migration freezes when the registry's panel is new or has grown.

    `security_invoker`: the reader's own rights and row policies hold, not those of the owner.
    """
    columns = [*COMMON, *(f"{m.name} AS {column_name(m)}" for m in panel.metrics)]
    listed = ",\n    ".join(columns)
    return (
        f"CREATE VIEW {panel.kind} WITH (security_invoker = true) AS\nSELECT\n    {listed}\n"
        f"FROM readings\nWHERE kind = '{panel.kind}'"
    )
