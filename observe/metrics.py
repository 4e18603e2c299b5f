"""Numbers about the machinery, for Prometheus: a registry per process; no label names a person."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

PREFIX: Final = "hearthbeat"
LATENCY_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300)
SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)

FORBIDDEN_LABELS: Final = frozenset({"patient", "patient_id", "device", "gateway", "user", "name"})
"""They identify people or homes, and one time series for each of them would sink Prometheus."""


class Metrics:
    """A process's metrics. `subsystem` is its package: `hearthbeat_<subsystem>_<name>`."""

    def __init__(self, subsystem: str) -> None:
        self.subsystem = subsystem
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def counter(self, name: str, about: str, labels: Sequence[str] = ()) -> Counter:
        """Only ever grows; Prometheus shows it as `…_total`."""
        return Counter(
            name,
            about,
            _checked(labels),
            namespace=PREFIX,
            subsystem=self.subsystem,
            registry=self.registry,
        )

    def gauge(self, name: str, about: str, labels: Sequence[str] = ()) -> Gauge:
        """Goes up and down."""
        return Gauge(
            name,
            about,
            _checked(labels),
            namespace=PREFIX,
            subsystem=self.subsystem,
            registry=self.registry,
        )

    def histogram(
        self,
        name: str,
        about: str,
        labels: Sequence[str] = (),
        *,
        buckets: Sequence[float] = LATENCY_S,
    ) -> Histogram:
        """How values spread; seconds unless `buckets` say otherwise."""
        return Histogram(
            name,
            about,
            _checked(labels),
            namespace=PREFIX,
            subsystem=self.subsystem,
            registry=self.registry,
            buckets=buckets,
        )

    def exposition(self) -> tuple[bytes, str]:
        """The page that Prometheus reads, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def _checked(labels: Sequence[str]) -> Sequence[str]:
    if refused := FORBIDDEN_LABELS.intersection(labels):
        raise ValueError(f"labels {sorted(refused)} would identify a person or a home")
    return labels
