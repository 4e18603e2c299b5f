"""Billing, as a biller and an auditor see it: months, lines, what is missing, and who pays."""
