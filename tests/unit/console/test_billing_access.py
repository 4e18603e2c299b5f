"""What somebody may do about bills on a page, they may do over the API, and the other way round."""

import pytest

from console.access import CLINICIAN
from console.api.billing_export_table import BILLING_EXPORT_ROUTES
from console.api.billing_rules import BILLING_RULE_ROUTES
from console.api.billing_table import BILLING_ROUTES
from console.billing.table import PAGES
from console.billing_access import RUNNERS
from console.routing import API

MONTH, SAME = "/billing/{month}", f"{API}/billing/months/{{month}}"
PAGE = {(each.method, each.path): each.roles for each in PAGES}
CALL = {
    (each.method, each.path): each.roles
    for each in (*BILLING_ROUTES, *BILLING_EXPORT_ROUTES, *BILLING_RULE_ROUTES)
}


@pytest.mark.parametrize(
    ("page", "call"),
    [
        (("GET", "/billing"), ("GET", f"{API}/billing/months")),
        (("GET", MONTH), ("GET", SAME)),
        (("GET", f"{MONTH}/patients/{{id}}"), ("GET", f"{SAME}/patients/{{id}}")),
        (("POST", f"{MONTH}/close"), ("POST", f"{SAME}/close")),
        (("GET", f"{MONTH}/adjustments"), ("GET", f"{SAME}/adjustments")),
        (
            ("POST", f"{MONTH}/adjustments/{{adjustment}}"),
            ("POST", f"{API}/billing/adjustments/{{id}}/approve"),
        ),
        (
            ("POST", f"{MONTH}/adjustments/{{adjustment}}"),
            ("POST", f"{API}/billing/adjustments/{{id}}/dismiss"),
        ),
        (("GET", f"{MONTH}/exports"), ("GET", f"{SAME}/exports")),
        (("GET", f"{MONTH}/exports"), ("GET", f"{SAME}/exports/{{id}}/file")),
        (("POST", f"{MONTH}/exports"), ("POST", f"{SAME}/exports")),
        (("POST", f"{MONTH}/approve"), ("POST", f"{API}/billing/lines/approve")),
        (("GET", "/billing/lines/{id}"), ("GET", f"{API}/billing/lines/{{id}}/events")),
        (
            ("GET", "/billing/lines/{id}/evidence"),
            ("GET", f"{API}/billing/lines/{{id}}/evidence"),
        ),
        (("GET", "/billing/work-list"), ("GET", f"{API}/billing/work-list")),
        (("GET", "/billing/rules"), ("GET", f"{API}/billing/rule-sets")),
    ],
)
def test_a_page_and_its_route_of_the_api_are_for_the_same_people(
    page: tuple[str, str], call: tuple[str, str]
) -> None:
    assert PAGE[page] == CALL[call]


@pytest.mark.parametrize(
    "path",
    [
        "/billing/lines/hold", "/billing/lines/release", "/billing/lines/status",
        "/billing/adjustments/{id}/approve", "/billing/adjustments/{id}/dismiss",
    ],
)  # fmt: skip
def test_a_clinician_answers_for_lines_and_runs_no_month(path: str) -> None:
    assert CALL["POST", f"{API}{path}"] == RUNNERS
    assert CLINICIAN not in RUNNERS
    assert CLINICIAN in CALL["POST", f"{API}/billing/lines/approve"]
