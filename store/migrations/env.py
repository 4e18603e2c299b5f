"""Alembic's entry: runs on the connection that store.migrate hands over, and on nothing else."""

from alembic import context

from store.migrate import configure

configure(context.configure, context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
