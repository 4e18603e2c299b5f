"""What a route does, as it reads after a name: "Ana Diaz (nurse) opened the chart of MRN 12"."""

from collections.abc import Iterable
from typing import Final

from console.routing import API, Route
from console.web.csrf import SAFE

OF_ROUTES: Final[dict[str, str]] = {
    "POST /login": "signed in",
    "POST /logout": "signed out",
    "POST /sign-out": "signed out",
    "GET /patients": "listed patients",
    "POST /patients": "added a patient",
    "GET /patients/{id}": "opened the chart of",
    "PATCH /patients/{id}": "changed what is known of",
    "GET /patients/{id}/readings": "read the readings of",
    "GET /patients/{id}/limits": "read the limits of",
    "PUT /patients/{id}/limits": "set the limits of",
    "POST /patients/{id}/limits": "set the limits of",
    "POST /patients/{id}/limits/end": "ended the limits of",
    "POST /patients/{id}/limits/withdraw": "withdrew limits that had not begun of",
    "GET /patients/{id}/team": "read who looks after",
    "POST /patients/{id}/team": "added to the team of",
    "POST /patients/{id}/team/{item}/end": "ended a membership in the team of",
    "GET /patients/{id}/consents": "read the consents of",
    "POST /patients/{id}/consents": "recorded a consent of",
    "POST /patients/{id}/consents/{item}/withdraw": "recorded a withdrawn consent of",
    "GET /patients/{id}/orders": "read the orders for",
    "POST /patients/{id}/orders": "recorded an order for",
    "POST /patients/{id}/orders/{item}/correct": "corrected an order for",
    "POST /patients/{id}/orders/{item}/end": "ended an order for",
    "GET /patients/{id}/episodes": "read the episodes of",
    "POST /patients/{id}/episodes": "started an episode of",
    "POST /patients/{id}/episodes/{item}/end": "ended an episode of",
    "GET /patients/{id}/changes": "read what was changed around",
    "GET /readings/{id}": "read one reading of",
    "POST /readings/{id}/reassign": "said whose a reading is:",
    "GET /readings/{id}/attribution": "read what was said about whose a reading is:",
    "GET /queue": "read the queue with",
    "GET /alerts": "listed alerts of",
    "GET /alerts/stream": "opened the live stream of alerts",
    "GET /alerts/{id}": "read an alert of",
    "POST /alerts/{id}/claim": "claimed an alert of",
    "POST /alerts/{id}/release": "released an alert of",
    "POST /alerts/{id}/acknowledge": "acknowledged an alert of",
    "POST /alerts/{id}/snooze": "put off an alert of",
    "POST /alerts/{id}/escalate": "escalated an alert of",
    "POST /alerts/{id}/resolve": "resolved an alert of",
    "POST /alerts/{id}/reopen": "reopened an alert of",
    "POST /alerts/{id}/note": "wrote a note to an alert of",
    "POST /limits/dry-run": "tried limits on the past of",
    "GET /devices/{id}/assignments": "read who had a device:",
    "POST /devices/{id}/assignments": "handed out a device to",
    "POST /devices/{id}/unassign": "took back a device from",
    "GET /quarantine": "read readings that are held back, perhaps of",
    "POST /quarantine/{id}/seen": "has seen a reading in doubt",
    "POST /quarantine/{id}/unseen": "put a reading in doubt back on the desk",
    "POST /desk/{id}/seen": "has seen a reading in doubt",
    "POST /desk/{id}/unseen": "put a reading in doubt back on the desk",
    "POST /billing/months/{month}/exports": "exported a month's bills of",
    "GET /billing/months/{month}/exports": "listed exports of a month's bills",
    "GET /billing/months/{month}/exports/{id}": "looked at an export of a month's bills",
    "GET /billing/months/{month}/exports/{id}/file": "downloaded an export of the bills of",
    "GET /billing/lines/{id}/evidence": "read the evidence for a claim line of",
    "GET /audit": "read the audit log",
    "GET /audit.csv": "exported the audit log",
    "GET /billing/{month}/patients/{id}": "read the month of",
    "GET /billing/{month}/patients/{id}/superbill": "printed the superbill of",
    "GET /billing/lines/{id}": "read a line of a claim of",
    "POST /billing/lines/{id}/{doing}": "decided about a claim line of",
    "GET /billing/{month}": "looked through a month of bills with",
    "POST /billing/{month}/approve": "approved claim lines of",
    "POST /billing/{month}/close": "closed a month of bills",
    "POST /billing/{month}/exports": "exported a month of bills with",
    "POST /billing/{month}/adjustments": "decided about adjustments of",
    "POST /billing/{month}/adjustments/{adjustment}": "decided about an adjustment of",
    "GET /billing/patients/{id}": "read the coverage of",
    "POST /billing/patients/{id}/{doing}": "changed coverage or enrolment of",
    "GET /billing/work-list": "read the work list with",
    "POST /billing/rules": "took in a set of rules",
    "POST /billing/rules/confirm": "confirmed a set of rules for longer",
    "POST /billing/rule-sets": "took in a set of rules",
    "POST /billing/rule-sets/{name}/confirm": "confirmed a set of rules for longer",
    "GET /my": "opened their own page:",
}
FILTERS: Final = frozenset({
    "action", "actor", "after", "alert", "all", "before", "but", "choose", "code", "corrects",
    "cursor", "ended", "from", "handled", "kind", "kinds", "lane", "language", "last", "late",
    "limit", "message", "metric", "month", "next", "of", "open", "page", "patient", "programme",
    "purpose", "range", "reason", "replaced", "replayed", "seen", "severity", "show", "silent",
    "staff", "state", "status", "to", "until", "user", "verdict", "version", "what", "who",
    "why", "write",
})  # fmt: skip
"""What addresses of ours ask with. Any other word in an address is what somebody has typed."""
OTHER: Final = "?"

READ: Final = "opened"
WROTE: Final = "asked for"


def key_of(route: Route) -> str:
    """As "GET /patients/{id}", of the API and of the pages alike."""
    return f"{route.method} {route.path.removeprefix(API) or '/'}"


def action_of(route: Route) -> str:
    """The table's own words, in quotation marks, where nobody has thought of better ones."""
    known = OF_ROUTES.get(key_of(route))
    if known is not None:
        return known
    verb = READ if route.method in SAFE else WROTE
    return f"{verb} “{route.about.rstrip('.')}”"


def filters_in(query: Iterable[str]) -> list[str]:
    """What an address asks with, by the names that we gave; whatever else is there is one `?`."""
    return sorted({name if name in FILTERS else OTHER for name in query})
