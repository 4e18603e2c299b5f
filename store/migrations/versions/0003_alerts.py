"""Teams, consents, orders, programmes, plans; alerts, their history, what is due, who is told."""

from pathlib import Path

from alembic import op

from store.queries import split

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for statement in split(text).values():
        bind.exec_driver_sql(statement)
