"""What can go wrong in the store.

StoreError
├── UnavailableError       the database is away or too slow: try again later
├── AccessRefusedError     the database answers, and does not let us in
├── SchemaBehindError      the database lacks migrations, or has newer ones than this program
├── ContestedInstantError  others kept claiming the same device and instant: try again
└── CheckpointFileError    a file of checkpoints of the audit log cannot be read
"""


class StoreError(Exception):
    """The store could not do what was asked."""


class UnavailableError(StoreError):
    """The database cannot be reached or does not answer in time. Worth trying again."""


class AccessRefusedError(StoreError):
    """The database answers, and does not let us in: a name or password is wrong."""


class SchemaBehindError(StoreError):
    """The tables are not those this program was written for."""


class ContestedInstantError(StoreError):
    """Other writers kept claiming the same device, kind and instant. Worth trying again."""


class CheckpointFileError(StoreError):
    """A file of checkpoints cannot be read."""
