"""Where no authority has spoken, a practice decides: a value a question, each with our default."""

from typing import Literal

from msgspec import Struct


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one payer."""

    ruleset_selection: Literal["by_dos"] = "by_dos"
    day_basis: Literal["measured", "received"] = "measured"
    period_anchor: Literal["first_qualifying_reading", "setup_date"] = "first_qualifying_reading"
    supply_dos: Literal["period_end_or_episode_end"] = "period_end_or_episode_end"
    setup_dos: Literal["with_first_supply_window"] = "with_first_supply_window"
    setup_min_days: int | None = None
    """Instead of the rule set's."""
    mgmt_dos: Literal["month_end_or_episode_end"] = "month_end_or_episode_end"
    time_entry_zone: Literal["practice", "patient"] = "practice"
    time_rounding: Literal["sum_seconds_floor_at_threshold", "truncate_entries_to_minutes"] = (
        "sum_seconds_floor_at_threshold"
    )
    same_program_overlap: Literal["union"] = "union"
    same_staff_cross_program_overlap: Literal["exclude_until_resolved"] = "exclude_until_resolved"
    same_staff_cross_patient_overlap: Literal["exclude_until_resolved"] = "exclude_until_resolved"
    interactive_spanning_months: Literal[
        "credit_each_month_with_connected_time", "start_month_only"
    ] = "credit_each_month_with_connected_time"
    max_99458_units: int | None = 3
    """The add-on's cap; None: the rule set's."""
    late_arrival_grace_days: int = 5
    require_reading_in_month_for_mgmt: bool = True
