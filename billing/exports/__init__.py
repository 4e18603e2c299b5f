"""What leaves the house about a month: tables, claims, evidence, written from its records."""
