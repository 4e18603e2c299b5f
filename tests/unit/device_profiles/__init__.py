"""Tests of device_profiles: bytes in, whole values out."""
