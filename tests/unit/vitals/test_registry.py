"""The registry of metrics holds together: names, codes, units and ranges."""

import re
from collections import Counter

import pytest

from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS, Metric
from vitals.units import PRINTED, Unit

EVERY_METRIC = list(METRICS.values())
LOINC_SHARED_ON_PURPOSE = {"8867-4": {"pulse", "heart_rate"}}


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=lambda metric: metric.name)
def test_a_metric_name_can_be_a_column_and_a_json_key(metric: Metric) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,30}", metric.name)
    assert METRICS[metric.name] is metric


@pytest.mark.parametrize("metric", EVERY_METRIC, ids=lambda metric: metric.name)
def test_a_plausible_range_is_a_range(metric: Metric) -> None:
    low, high = metric.plausible
    assert 0 <= low < high


def loinc_check_digit(code: str) -> int:
    """Mod 10 (Luhn), as the LOINC Users' Guide, appendix C, defines it."""
    digits = [int(digit) for digit in reversed(code)]
    doubled = [2 * digit for digit in digits[::2]]
    total = sum(d - 9 if d > 9 else d for d in doubled) + sum(digits[1::2])
    return (10 - total % 10) % 10


def every_loinc() -> list[str]:
    panels = [panel.loinc for panel in PANELS.values() if panel.loinc]
    return panels + [code for metric in EVERY_METRIC for code in metric.loinc]


@pytest.mark.parametrize("code", sorted(set(every_loinc())))
def test_a_loinc_code_has_its_check_digit(code: str) -> None:
    number, digit = code.split("-")
    assert loinc_check_digit(number) == int(digit)


def test_a_loinc_code_names_one_metric_unless_the_sharing_is_meant() -> None:
    users: dict[str, set[str]] = {}
    for metric in EVERY_METRIC:
        for code in metric.loinc:
            users.setdefault(code, set()).add(metric.name)
    shared = {code: names for code, names in users.items() if len(names) > 1}
    assert shared == LOINC_SHARED_ON_PURPOSE


def test_an_mdc_code_names_one_metric() -> None:
    counted = Counter(code for metric in EVERY_METRIC for code in metric.mdc)
    assert [code for code, times in counted.items() if times > 1] == []


def test_every_kind_has_a_panel_of_registered_metrics() -> None:
    assert set(PANELS) == set(Kind)
    for panel in PANELS.values():
        assert panel.primary
        assert all(METRICS[metric.name] is metric for metric in panel.metrics)


def test_every_metric_belongs_to_a_kind() -> None:
    used = {metric.name for panel in PANELS.values() for metric in panel.metrics}
    assert used == set(METRICS)


def test_every_unit_has_a_printed_form() -> None:
    assert set(PRINTED) == set(Unit)
