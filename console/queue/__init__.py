"""The nurse's queue: one row for each patient, worst first."""
