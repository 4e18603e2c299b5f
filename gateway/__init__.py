"""The home hub: from a Bluetooth device to an outbox that forgets nothing before its receipt."""
