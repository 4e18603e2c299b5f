"""The first schema: clinic, readings, queues and views, on whichever engine is there."""

from pathlib import Path

from alembic import op

from store.queries import split

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HYPERTABLE = " hypertable"
PARTITIONING = " partitioning"
DEFAULT_PARTITION = " default partition"


def upgrade() -> None:
    bind = op.get_bind()
    timescale = bind.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')"
    ).scalar_one()
    statements = split(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for name, statement in statements.items():
        if name.endswith(PARTITIONING):
            continue
        if name.endswith(DEFAULT_PARTITION if timescale else HYPERTABLE):
            continue
        partitioning = statements.get(name + PARTITIONING)
        if partitioning is None or timescale:
            bind.exec_driver_sql(statement)
        else:
            bind.exec_driver_sql(statement + "\n" + partitioning)
