"""Alerts: what readings mean for a nurse, once, explained, and until somebody has dealt with it."""
