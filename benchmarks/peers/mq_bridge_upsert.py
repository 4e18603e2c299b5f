"""mq-bridge: MQTT -> PostgreSQL, INSERT ... ON CONFLICT DO NOTHING, acknowledged after the insert.

Arguments: port, client id, topic filter, database URL, batch size, concurrency. Runs until
it is killed.
"""

import logging
import sys
from typing import Any

import mq_bridge  # type: ignore[import-not-found]  # Lives in .venv-peers only.

FIELDS = {
    "id": "readings[0].id",
    "device": "readings[0].device",
    "kind": "readings[0].kind",
    "measured_at": "readings[0].measured_at",
    "time_quality": "readings[0].time_quality",
    "device_time": "readings[0].device_time",
    "clock_drift_s": "readings[0].clock_drift_s",
    "user_slot": "readings[0].user",
    "frame": "readings[0].frame",
    "profile": "readings[0].profile",
    "seq": "readings[0].seq",
    "sent_at": "sent_at",
    "systolic": "readings[0].values.systolic",
    "diastolic": "readings[0].values.diastolic",
    "mean": "readings[0].values.mean",
    "pulse": "readings[0].values.pulse",
}


def route(port: str, client_id: str, pattern: str, database: str) -> dict[str, Any]:
    """Its configuration; the same shape as its YAML."""
    values = ", ".join(f"${{payload:{name}}}" for name in FIELDS)
    insert = (
        f"INSERT INTO peer_readings ({', '.join(FIELDS)}) VALUES ({values}) "  # noqa: S608
        "ON CONFLICT (id) DO NOTHING"
    )
    mapping = {name: f"$.{path}" for name, path in FIELDS.items()}
    return {
        "input": {
            "middlewares": [{"transform": {"mapping": mapping}}],
            "mqtt": {
                "url": f"tcp://127.0.0.1:{port}",
                "topic": pattern,
                "client_id": client_id,
                "qos": 1,
                "clean_session": False,
                "session_expiry_interval": 3600,
                "queue_capacity": 20000,
                "max_inflight": 20000,
            },
        },
        "output": {"sqlx": {"url": database, "table": "peer_readings", "insert_query": insert}},
        "batch_size": int(sys.argv[5]),
        "concurrency": int(sys.argv[6]),
        "startup_timeout_ms": 30000,
    }


def main() -> None:
    """Run the route."""
    logging.basicConfig(level=logging.WARNING)
    mq_bridge.init_logging("warn")
    mq_bridge.Route.from_config(route(*sys.argv[1:5])).run()


if __name__ == "__main__":
    main()
