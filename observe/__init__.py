"""Logs without PHI, metrics, and the health endpoints of every process."""
