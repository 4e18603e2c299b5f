"""One patient: banner, timeline, charts, limits."""
