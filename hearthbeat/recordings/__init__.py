"""Recorded readings in other people's files: each row becomes a record or a refusal, never both.

Pure: lines in, records and refusals out. Who reads the file and what becomes of a record is
elsewhere.
"""
