"""The first schema: clinic, readings, queues and views, on whichever engine is there."""

from pathlib import Path

from alembic import op

from store.queries import split

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = split(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
TIME_COLUMN = {"readings": "measured_at", "gateway_health": "at"}


def upgrade() -> None:
    bind = op.get_bind()
    timescale = bind.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')"
    ).scalar_one()
    for name, statement in STATEMENTS.items():
        column = TIME_COLUMN.get(name)
        if column is None:
            bind.exec_driver_sql(statement)
        elif timescale:
            bind.exec_driver_sql(statement)
            bind.exec_driver_sql(
                f"SELECT create_hypertable('{name}', by_range('{column}', INTERVAL '30 days'), "
                "create_default_indexes => FALSE)"
            )
        else:
            bind.exec_driver_sql(f"{statement} PARTITION BY RANGE ({column})")
            bind.exec_driver_sql(f"CREATE TABLE {name}_default PARTITION OF {name} DEFAULT")
