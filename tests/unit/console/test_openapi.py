import re

import pytest

from console.access import SELF
from console.api.care_table import CARE_ROUTES
from console.app import served
from console.openapi import describe
from console.routing import Door
from console.settings import ConsoleSettings

ROUTES = served(ConsoleSettings())
DOCUMENT = describe(ROUTES, version="1")


def test_every_route_that_is_served_is_described_and_nothing_else() -> None:
    described = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }
    assert described == {(route.method, route.path) for route in ROUTES}


def test_operations_have_names_of_their_own() -> None:
    names = [
        each["operationId"] for methods in DOCUMENT["paths"].values() for each in methods.values()
    ]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r"#/components/schemas/([\w.]+)", str(DOCUMENT)))
    assert references
    assert references <= DOCUMENT["components"]["schemas"].keys()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_only_these_doors_are_open_to_everybody(route: object) -> None:
    open_to_all = {each.path for each in ROUTES if each.door is Door.OPEN}
    assert open_to_all == {
        "/api/v1",
        "/api/v1/login",
        "/api/v1/enrolments",
        "/api/v1/openapi.json",
        # Proved by their provider's signature.
        "/api/v1/sms/inbound",
        "/api/v1/sms/status",
    }
    assert route in ROUTES


def test_a_patient_changes_their_account_how_they_are_reached_and_who_looks_along() -> None:
    theirs = {
        (route.method, route.path)
        for route in ROUTES
        if route.roles & SELF and route.method != "GET"
    }
    assert theirs == {
        ("POST", "/api/v1/logout"),
        ("PATCH", "/api/v1/me"),
        ("POST", "/api/v1/contacts"),
        ("POST", "/api/v1/patients/{id}/invitations"),
        ("POST", "/api/v1/patients/{id}/invitations/{item}/withdraw"),
        ("POST", "/api/v1/patients/{id}/caregivers/{item}/stop"),
        ("POST", "/api/v1/contacts/{id}/end"),
        ("POST", "/api/v1/contacts/{id}/test"),
    }


def test_writes_that_are_remembered_say_that_they_take_a_key() -> None:
    for route in ROUTES:
        operation = DOCUMENT["paths"][route.path][route.method.lower()]
        names = {each["name"] for each in operation["parameters"]}
        assert ("Idempotency-Key" in names) == route.remembers


def test_every_change_around_a_patient_is_remembered() -> None:
    changes = [each for each in CARE_ROUTES if each.method != "GET"]
    assert changes
    assert all(each.remembers for each in changes)


def test_whatever_looks_at_a_month_says_that_it_may_be_told_to_ask_again() -> None:
    """And nothing else does: 202 means that the answer is being worked out."""
    month = "/api/v1/billing/months/{month}"
    later = {
        path
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        if method == "get" and "202" in operation["responses"]
    }
    assert later == {
        month,
        f"{month}/lines",
        f"{month}/patients/{{id}}",
        f"{month}/adjustments",
        "/api/v1/billing/lines/{id}/evidence",
    }
    answer = DOCUMENT["paths"][month]["get"]["responses"]["202"]["content"]["application/json"]
    assert answer["schema"] == {"$ref": "#/components/schemas/Evaluating"}
