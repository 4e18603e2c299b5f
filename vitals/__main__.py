"""Print docs/metrics.md: `python -m vitals > docs/metrics.md`."""

import sys
from collections.abc import Iterator

from vitals.kinds import PANELS, Panel
from vitals.metrics import METRICS, Metric


def page() -> str:
    """The registry as a Markdown page; a test holds docs/metrics.md to it."""
    return "\n".join((*_kinds(), "", *_metrics(), ""))


def _kinds() -> Iterator[str]:
    yield "# Kinds and metrics"
    yield ""
    yield "Generated from `vitals` by `python -m vitals`: edit the registry, not this page."
    yield ""
    yield "| kind | must bring | may bring | LOINC panel | MDC |"
    yield "| --- | --- | --- | --- | --- |"
    for panel in PANELS.values():
        yield _kind_row(panel)


def _kind_row(panel: Panel) -> str:
    primary = ", ".join(metric.name for metric in panel.primary)
    others = ", ".join(metric.name for metric in panel.others)
    return f"| `{panel.kind}` | {primary} | {others} | {panel.loinc or ''} | {panel.mdc or ''} |"


def _metrics() -> Iterator[str]:
    yield "| metric | label | unit (UCUM) | LOINC | MDC | plausible | decimals |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for metric in METRICS.values():
        yield _metric_row(metric)


def _metric_row(metric: Metric) -> str:
    low, high = metric.plausible
    loinc = ", ".join(metric.loinc)
    mdc = ", ".join(map(str, metric.mdc))
    return (
        f"| `{metric.name}` | {metric.label} | {metric.unit} | {loinc} | {mdc} "
        f"| {low:g} to {high:g} | {metric.decimals} |"
    )


if __name__ == "__main__":
    sys.stdout.write(page())
