"""Claims as X12 837P, 005010X222A1: segments, envelope and loops. Pure, and written by us."""
