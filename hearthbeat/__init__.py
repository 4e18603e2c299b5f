"""The front door: command line, settings, and everything on one machine."""
