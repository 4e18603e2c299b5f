"""A virtual radio with simulated GATT devices and households, faults included."""
