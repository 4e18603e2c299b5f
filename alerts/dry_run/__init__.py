"""A proposed plan tried on the past."""
