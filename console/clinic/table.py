"""The pages of this room."""

from typing import Final

from console.access import ADMIN, READERS, REGISTRARS
from console.clinic import (
    around,
    consent_step,
    edit,
    kit_step,
    order_step,
    organisation,
    own_account,
    people,
    programme_import,
    programme_step,
    programmes,
    ready_step,
    sheet,
    who,
)
from console.routing import Door, Handler, Route

PATIENT: Final = "/patients/{id}"
ENROL: Final = f"{PATIENT}/enrol"
CARE: Final = f"{PATIENT}/care"
ITEM: Final = "{item}"
ADMINS: Final = frozenset({ADMIN})


def _page(
    method: str, path: str, handler: Handler, about: str, roles: frozenset[str] = REGISTRARS
) -> Route:
    return Route(
        method=method, path=path, handler=handler, about=about, door=Door.PAGE, roles=roles
    )


ENROLLING: Final = (
    _page("GET", "/patients/new", who.page, "Who is enrolled."),
    _page("POST", "/patients/new", who.send, "Make the patient."),
    _page("GET", ENROL, who.resume, "Where an enrolment stands."),
    _page("POST", ENROL, who.begin, "Begin an enrolment."),
    _page("GET", f"{ENROL}/who", who.again, "Who is enrolled."),
    _page("POST", f"{ENROL}/who", who.send_again, "Correct who is enrolled."),
    _page("GET", f"{ENROL}/programme", programme_step.page, "Programme and limits."),
    _page("POST", f"{ENROL}/programme", programme_step.send, "Choose programme and limits."),
    _page("GET", f"{ENROL}/order", order_step.page, "Order and team."),
    _page("POST", f"{ENROL}/order", order_step.send, "Record order and team."),
    _page("GET", f"{ENROL}/consent", consent_step.page, "Consent."),
    _page("POST", f"{ENROL}/consent", consent_step.send, "Record consent; monitoring begins."),
    _page("GET", f"{ENROL}/kit", kit_step.page, "Hub and devices."),
    _page("GET", f"{ENROL}/kit/state", kit_step.state, "How far the hub has come."),
    _page("POST", f"{ENROL}/kit/hub", kit_step.send_hub, "Choose a hub."),
    _page("POST", f"{ENROL}/kit/code", kit_step.send_code, "A one-time code for the hub."),
    _page("POST", f"{ENROL}/kit/device", kit_step.send_device, "Hand out a device."),
    _page("GET", f"{ENROL}/ready", ready_step.page, "First reading, invitation, end."),
    _page("GET", f"{ENROL}/ready/state", ready_step.state, "Whether a reading has come."),
    _page("POST", f"{ENROL}/ready", ready_step.send, "Finish the enrolment."),
    _page("POST", f"{ENROL}/ready/invitation", ready_step.send_invitation, "Invite somebody."),
    _page("GET", f"{ENROL}/sheet", sheet.page, "The sheet for the patient."),
)
AROUND: Final = (
    _page("GET", f"{PATIENT}/edit", edit.page, "What is kept of a patient."),
    _page("POST", f"{PATIENT}/edit", edit.send, "Change what is kept of a patient."),
    _page("GET", CARE, around.page, "Team, consents, orders, episodes, devices.", READERS),
    _page("POST", f"{CARE}/account", own_account.send, "Invite the patient to an own account."),
    *(
        _page("POST", f"{CARE}/{path}", around.doing(deed, section), about)
        for path, deed, section, about in (
            (
                "account/take-back",
                own_account.take_back,
                "account",
                "Take the patient's invitation back.",
            ),
            ("team", around.add_to_team, "team", "Add to the team."),
            (f"team/{ITEM}/end", around.leave_team, "team", "End a membership."),
            ("consents", around.add_consents, "consents", "Record consents."),
            (f"consents/{ITEM}/withdraw", around.withdraw, "consents", "Withdraw a consent."),
            ("orders", around.add_one_order, "orders", "Record an order."),
            (f"orders/{ITEM}/correct", around.mend_order, "orders", "Correct an order."),
            (f"orders/{ITEM}/end", around.stop_order, "orders", "End an order."),
            (f"episodes/{ITEM}/end", around.stop_episode, "episodes", "End an episode."),
            ("devices", around.give_device, "devices", "Hand out a device."),
            (f"devices/{ITEM}/back", around.take_device, "devices", "Take a device back."),
        )
    ),
)

ACCOUNT: Final = "/people/{id}"
PEOPLE: Final = (
    _page("GET", "/people", people.page, "Who may sign in.", ADMINS),
    _page("GET", "/people/new", people.new, "Add a person.", ADMINS),
    _page("POST", "/people/new", people.add, "Add a person.", ADMINS),
    _page("GET", ACCOUNT, people.one, "One account.", ADMINS),
    _page("POST", ACCOUNT, people.change, "Change name, credential or role.", ADMINS),
    _page("POST", f"{ACCOUNT}/link", people.link, "A link to set a password.", ADMINS),
    *(
        _page("POST", f"{ACCOUNT}/{path}", people.doing(deed), about, ADMINS)
        for path, deed, about in (
            ("disable", people.disable, "Disable an account."),
            ("enable", people.enable, "Open an account again."),
            ("end-sessions", people.end_sessions, "End every session of an account."),
            ("reset-factor", people.reset_factor, "Remove a second factor that was lost."),
        )
    ),
)
CLINIC: Final = (
    _page("GET", "/clinic", organisation.page, "The organisation.", ADMINS),
    _page("POST", "/clinic", organisation.send, "Change the organisation.", ADMINS),
    _page("POST", "/clinic/consent-text", organisation.send_text, "Words of consent.", ADMINS),
)
PROGRAMMES: Final = (
    _page("GET", "/programmes", programmes.page, "Programmes.", READERS),
    _page("GET", "/programmes/new", programme_import.page, "An own programme.", ADMINS),
    _page("POST", "/programmes/new", programme_import.send, "Check or take in a file.", ADMINS),
    _page("GET", "/programmes/{id}", programmes.one, "One programme.", READERS),
    _page("POST", "/programmes/{id}/sign-off", programmes.send_sign_off, "Sign off.",
          programmes.LEADS),
)  # fmt: skip

PAGES: Final[tuple[Route, ...]] = (*ENROLLING, *AROUND, *PEOPLE, *CLINIC, *PROGRAMMES)
