"""What can go wrong when something leaves the house.

ExportError (a BillingError)
├── NotLockedError         the month may still change, and a draft was not wanted
├── ChangedMeanwhileError  somebody changed the month while it was read
├── NothingToSendError     no line of the month waits to be claimed
├── TooLargeError          more rows than a sheet of a workbook can hold
├── OutError               the folder cannot be written
├── NotCarriedError        a text has what a claim cannot carry
└── NoSuchLineError        evidence was asked for a line that the month does not have
"""

from billing.errors import BillingError


class ExportError(BillingError):
    """Nothing was left behind that looks whole."""


class NotLockedError(ExportError):
    """The month is open: what it says today may not be what it says when it is closed."""


class NothingToSendError(ExportError):
    """Every line has been sent, or is held, or is not approved: no file is made."""


class TooLargeError(ExportError):
    """A sheet of a workbook holds 1,048,576 rows."""


class OutError(ExportError):
    """The folder is not one, or may not be written."""


class NotCarriedError(ExportError):
    """X12 has no way to escape: a text with a delimiter in it cannot be sent."""


class NoSuchLineError(ExportError):
    """The month has no line of this id for this patient."""


class ChangedMeanwhileError(ExportError):
    """Somebody changed the month while it was written: make the export again."""
