"""Plans and readings to findings: pure, many patients at once, in event time."""
