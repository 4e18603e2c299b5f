"""What an alert process counts."""

from typing import Final

from alerts.auditor import Audit
from alerts.evaluating.evaluation import Evaluated
from alerts.technical.items import RULES
from alerts.technical.sweep import Swept
from observe.metrics import LATENCY_S, SIZES, Metrics

_AUDITED: Final = ("overdue", "unsent", "endless_snoozes", "waiting_for_ever", "untold", "unjudged")


class Instruments:
    """One set per process."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._readings = metrics.counter("readings", "Readings evaluated.")
        self._opened = metrics.counter("opened", "Alerts that began.")
        self._changed = metrics.counter("changed", "Versions of alerts written by rules.")
        self._failures = metrics.counter(
            "failures", "Patients that could not be judged, each time: put off, and tried again."
        )
        self._size = metrics.histogram(
            "batch_patients", "Patients in one evaluation.", buckets=SIZES
        )
        self._lag = metrics.histogram(
            "lag_seconds", "From the queue to the end of the evaluation.", buckets=LATENCY_S
        )
        self.due = metrics.counter("due", "Things done by the clock.")
        self.messages = metrics.counter("messages", "Tries to send a message.")
        self._audit = metrics.gauge("forgotten", "What the auditor found, by what.", ["what"])
        self._sweep = metrics.histogram(
            "sweep_seconds", "A look at all that may be missing.", buckets=LATENCY_S
        )
        self._standing = metrics.gauge(
            "missing",
            "Causes why readings do not come, by rule, in the clinics swept last.",
            ["rule"],
        )
        self._deaf = metrics.gauge("line_silent", "1 while no hub at all is heard.")
        self._failed = metrics.gauge("messages_failed", "Messages given up in the last hour.")

    def evaluated(self, done: Evaluated, *, lag_s: float) -> None:
        self._readings.inc(done.readings)
        self._opened.inc(done.opened)
        self._changed.inc(done.changed)
        self._failures.inc(done.failed)
        self._size.observe(done.patients)
        self._lag.observe(lag_s)

    def swept(self, done: Swept, *, took_s: float) -> None:
        """Where another replica swept, what that one found stays its to tell."""
        self._opened.inc(done.opened)
        self._changed.inc(done.changed)
        if done.clinics:
            self._sweep.observe(took_s)
            self._deaf.set(done.silent_since is not None)
            for rule in RULES:
                self._standing.labels(rule=rule).set(done.standing.get(rule, 0))

    def audited(self, audit: Audit) -> None:
        for what in _AUDITED:
            self._audit.labels(what=what).set(audit.overdue.get(what, 0))
        self._failed.set(audit.failed)
