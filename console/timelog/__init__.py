"""The time log: what was done for whom and how long, as a biller and an auditor read it."""
