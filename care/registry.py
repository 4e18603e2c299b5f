"""The register of a clinic: everything that may be added, found, listed, handed out, ended."""

from care.assignments import assign, list_assignments, unassign
from care.devices import add_device, find_device, list_devices
from care.gateways import (
    add_gateway,
    broker_accounts,
    enrol,
    issue_code,
    list_gateways,
    revoke_gateway,
    with_own_words,
)
from care.organisations import add_organisation, find_organisation, list_organisations
from care.patients import add_patient, find_patient, list_patients
from care.sessions import find_session, sign_out
from care.users import add_user, disable_user, list_users, set_password

__all__ = [
    "add_device",
    "add_gateway",
    "add_organisation",
    "add_patient",
    "add_user",
    "assign",
    "broker_accounts",
    "disable_user",
    "enrol",
    "find_device",
    "find_organisation",
    "find_patient",
    "find_session",
    "issue_code",
    "list_assignments",
    "list_devices",
    "list_gateways",
    "list_organisations",
    "list_patients",
    "list_users",
    "revoke_gateway",
    "set_password",
    "sign_out",
    "unassign",
    "with_own_words",
]
