"""Real processes, killed at seeded random moments: made == stored, whatever happens."""
