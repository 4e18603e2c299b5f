"""Who may do what about bills: the pages and the API ask here, so that both answer alike."""

from typing import Final

from console.access import ADMIN, AUDITOR, BILLER, CLINICIAN, NURSE

SETTERS: Final = frozenset({ADMIN})
"""Those who say who bills, who pays, and by which rules."""
RUNNERS: Final = frozenset({BILLER, ADMIN})
"""Those who run a month: hold, close, export, and decide what comes after the lock."""
APPROVERS: Final = RUNNERS | {CLINICIAN}
LOOKERS: Final = APPROVERS | {AUDITOR}
"""Those who see lines."""
WORKERS: Final = LOOKERS | {NURSE}
"""Those who see what is nearly reached, and can still do something about it."""
ENROLLERS: Final = APPROVERS | {NURSE}
"""Those who enrol a patient in a service, and state what nobody can measure."""
EXPORT_READERS: Final = RUNNERS | {AUDITOR}
"""Those who see what has left the house, and may have the files."""
SETTINGS_READERS: Final = RUNNERS | {AUDITOR}
"""Those who see who bills, by which rules of payers and for how much."""
MEASURERS: Final = frozenset({ADMIN, AUDITOR})
"""Those who see what auditors compute."""
