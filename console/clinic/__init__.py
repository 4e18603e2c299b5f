"""What administrators, and whoever keeps a clinic running, see and set."""
