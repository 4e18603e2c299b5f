"""Where no authority has spoken, a practice decides: a value a question, each with our default."""

from typing import Literal

from msgspec import Struct

Clashing = Literal["exclude_until_resolved", "earlier_entry_keeps"]


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one payer. What each value means, and why: docs/billing-rules.md."""

    ruleset_selection: Literal["by_dos", "by_period_start"] = "by_dos"
    """R-2, U10."""
    day_basis: Literal["measured", "received"] = "measured"
    """D-8, U4."""
    day_zone: Literal["patient", "practice"] = "patient"
    """D-7, U3."""
    period_anchor: Literal["first_qualifying_reading", "setup_date", "first_of_month"] = (
        "first_qualifying_reading"
    )
    """W-1, U5."""
    supply_dos: Literal["period_end_or_episode_end", "day_minimum_reached"] = (
        "period_end_or_episode_end"
    )
    """DOS-1, U1."""
    setup_dos: Literal["with_first_supply_window", "education_date", "day_minimum_reached"] = (
        "with_first_supply_window"
    )
    """DOS-3, U1."""
    setup_min_days: int | None = None
    """S-1, U2. Instead of the rule set's."""
    mgmt_dos: Literal["month_end_or_episode_end", "day_threshold_met"] = "month_end_or_episode_end"
    """DOS-2, U1."""
    time_entry_zone: Literal["practice", "patient"] = "practice"
    """T-13, U3."""
    time_rounding: Literal["sum_seconds_floor_at_threshold", "truncate_entries_to_minutes"] = (
        "sum_seconds_floor_at_threshold"
    )
    """T-3, U7."""
    same_program_overlap: Literal["union"] = "union"
    """T-10: there is no other that could be defended."""
    same_staff_cross_program_overlap: Clashing = "exclude_until_resolved"
    """T-12."""
    same_staff_cross_patient_overlap: Clashing = "exclude_until_resolved"
    """T-11."""
    interactive_spanning_months: Literal[
        "credit_each_month_with_connected_time", "start_month_only"
    ] = "credit_each_month_with_connected_time"
    """T-13, U6."""
    max_99458_units: int | None = 3
    """T-8, U8. The add-on's cap; None: there is none."""
    late_arrival_grace_days: int = 5
    """D-8."""
    require_reading_in_month_for_mgmt: bool = True
    """T-14, U16."""
    require_order: bool = True
    """E-3, U15."""
    require_written_consent: bool = False
    """E-2: Medicare takes spoken consent, others may not."""
    ccm_with_tcm: Literal["warn", "block"] = "warn"
    """U14."""
