"""Simulated devices: GATT servers that measure, store, push, forget, and go wrong as told."""
