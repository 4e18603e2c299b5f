"""What for somebody reads the evidence of a claim line: one of a few words, for an address takes no
free text. It is kept in the audit log.
"""

from typing import Final

from aiohttp import web

from console.errors import BadRequest
from console.routing import Parameter
from console.seen import because

PURPOSES: Final[dict[str, str]] = {
    "payer_request": "A payer asks for it",
    "appeal": "A denial is appealed",
    "audit": "An audit",
    "patient_request": "The patient asks for it",
    "review": "A review of our own",
}
PURPOSE: Final = Parameter(
    name="purpose",
    about="what for; in the audit log",
    schema={"type": "string", "enum": list(PURPOSES)},
)


def purpose_noted(request: web.Request) -> None:
    """Where one is said. Raises BadRequest for what is none."""
    said = request.query.get("purpose")
    if said is None:
        return
    if said not in PURPOSES:
        raise BadRequest(f"one of {', '.join(PURPOSES)}", pointer="/purpose")
    because(request, PURPOSES[said])
