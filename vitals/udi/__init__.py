"""The Unique Device Identification of a device, as labels, scanners and devices say it."""
