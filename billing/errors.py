"""What can go wrong in billing.

BillingError
├── RuleSetError     a file of rules contradicts itself
├── CaseError        a case or an import cannot be read
├── StaleError       somebody was quicker: what was looked at is not what is there
└── EvaluatingError  too much has changed to be worked out while somebody waits
"""


class BillingError(Exception):
    """Said to a person, in plain words."""


class RuleSetError(BillingError):
    """Rule sets overlap, or leave a gap."""


class CaseError(BillingError):
    """What was handed in is not what it should be; the place is named."""


class StaleError(BillingError):
    """What somebody looked at has changed since; nothing was done."""


class EvaluatingError(BillingError):
    """More patients wait to be worked out than whoever asks would wait for."""

    def __init__(self, month: str, *, done: int, of: int) -> None:
        super().__init__(f"{month} is being worked out: {done:,} of {of:,} patients")
        self.month, self.done, self.of = month, done, of
