"""The demonstration: a clinic whose people do not exist, and the homes in which they live."""
