"""The history of a record says its values as the record's own form does."""

from typing import Any

import pytest

from care.changes import CareChange
from console.clinic.history import told
from tests.unit.alerts.factory import NOW


@pytest.mark.parametrize(
    ("field", "before", "after", "line"),
    [
        ("sex", "female", "other", "Sex: Female → Other"),
        ("language", "en", "es", "Language: English → Spanish"),
        ("temperature_unit", "C", "F", "Temperature unit: Celsius (°C) → Fahrenheit (°F)"),
        ("mrn", "N_1", "died", "Record number: N_1 → died"),
        ("phone", None, "1", "Telephone: not known → 1"),
    ],
)
def test_a_value_is_told_as_its_own_field_has_it(
    field: str, before: Any, after: Any, line: str
) -> None:
    facts = {"before": {field: before}, "after": {field: after}}
    change = CareChange(
        at=NOW, actor=None, username=None, what="patient changed", reason="", facts=facts
    )
    assert told(change) == [line]
