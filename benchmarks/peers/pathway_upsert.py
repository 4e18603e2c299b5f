"""Pathway: MQTT -> PostgreSQL, the table kept as a snapshot (upsert by id), persistence on.

Arguments: port, client id, topic filter, JSON of PostgreSQL settings, folder for its checkpoints.
Runs until it is killed. With persistence, Pathway acknowledges to the broker after a checkpoint.
"""

import json
import logging
import sys

import pathway as pw  # type: ignore[import-not-found]  # Lives in .venv-peers only.

FIELDS = {
    "id": "/readings/0/id",
    "device": "/readings/0/device",
    "kind": "/readings/0/kind",
    "measured_at": "/readings/0/measured_at",
    "time_quality": "/readings/0/time_quality",
    "device_time": "/readings/0/device_time",
    "clock_drift_s": "/readings/0/clock_drift_s",
    "user_slot": "/readings/0/user",
    "frame": "/readings/0/frame",
    "profile": "/readings/0/profile",
    "seq": "/readings/0/seq",
    "sent_at": "/sent_at",
    "systolic": "/readings/0/values/systolic",
    "diastolic": "/readings/0/values/diastolic",
    "mean": "/readings/0/values/mean",
    "pulse": "/readings/0/values/pulse",
}
NUMBERS = {"clock_drift_s", "systolic", "diastolic", "mean", "pulse"}
WHOLE = {"user_slot", "seq"}


def main() -> None:
    """Build the graph and run it."""
    logging.disable(logging.INFO)
    port, client_id, pattern, settings, folder = sys.argv[1:6]
    columns = {
        name: pw.column_definition(
            dtype=float if name in NUMBERS else int if name in WHOLE else str,
            primary_key=name == "id",
        )
        for name in FIELDS
    }
    readings = pw.io.mqtt.read(
        f"mqtt://127.0.0.1:{port}/?client_id={client_id}",
        pattern,
        qos=1,
        schema=pw.schema_builder(columns),
        format="json",
        json_field_paths=FIELDS,
        autocommit_duration_ms=100,
        name="readings",
    )
    pw.io.postgres.write(
        readings,
        json.loads(settings),
        "peer_readings",
        output_table_type="snapshot",
        primary_key=[readings.id],
    )
    pw.run(
        monitoring_level=pw.MonitoringLevel.NONE,
        persistence_config=pw.persistence.Config(
            pw.persistence.Backend.filesystem(folder), snapshot_interval_ms=100
        ),
    )


if __name__ == "__main__":
    main()
