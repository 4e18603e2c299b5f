"""docs/metrics.md says what the registry says."""

from pathlib import Path

from vitals.__main__ import page

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"


def test_the_metrics_page_is_fresh() -> None:
    assert PAGE.read_text() == page(), "run: python -m vitals > docs/metrics.md"
