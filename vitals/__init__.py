"""The vocabulary that every other package speaks: metrics, kinds, flags, readings. Pure."""
