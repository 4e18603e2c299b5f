"""Time spent on care, in an append-only ledger, and what it and days of readings amount to."""
