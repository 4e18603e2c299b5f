"""Recordings through the whole line: simulated devices, real gateways, broker, ingest, table."""
