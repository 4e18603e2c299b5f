"""The schema, its migrations, the pool, and the time-series set-up."""
