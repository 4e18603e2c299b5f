"""A patient's own pages, and those of who cares for them at home."""
