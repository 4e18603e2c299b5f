"""The evaluation queue: taken, judged, held against the alerts there are, written at once."""
