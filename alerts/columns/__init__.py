"""Readings of many patients as columns, and what a rule says of each row."""
