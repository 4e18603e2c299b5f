"""A patient is invited themself, to an account of their own."""

from pathlib import Path

from alembic import op

from store.queries import split

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    statements = split(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for statement in statements.values():
        op.get_bind().exec_driver_sql(statement)
