"""Readings in doubt, devices and hubs, and how well the whole works: what keeps data honest."""
