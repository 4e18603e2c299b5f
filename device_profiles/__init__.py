"""GATT bytes to measurements, and vendor quirks as data. Pure: no clock, no I/O, no judgement."""
