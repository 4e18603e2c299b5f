"""Benchmarks: ratios measured side by side in one run, against a named peer or a physical limit."""
