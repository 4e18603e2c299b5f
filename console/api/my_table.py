"""The routes of who at home looks along with a patient."""

from typing import Final

from care.own_accounts import OwnAccount
from console.access import PATIENT, REGISTRARS
from console.api import invitations
from console.routing import API, Route

HOSTS: Final = REGISTRARS | {PATIENT}
"""Who may let somebody look along: the patient, and staff who were asked to."""
WHOSE: Final = f"{API}/patients/{{id}}"

MY_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=f"{WHOSE}/invitations", handler=invitations.get_invitations,
          about="Who at home can look along, and who is asked to.", roles=HOSTS,
          answer=invitations.LookingAlong),
    Route(method="POST", path=f"{WHOSE}/invitations", handler=invitations.add,
          about="Invite somebody to look along; answers a code that works once.", roles=HOSTS,
          body=invitations.NewInvitation, answer=invitations.InvitationMade, status=201),
    Route(method="GET", path=f"{WHOSE}/account", handler=invitations.get_account,
          about="The patient's own account, or the invitation to it.", roles=REGISTRARS,
          answer=OwnAccount),
    Route(method="POST", path=f"{WHOSE}/account/invitation", handler=invitations.invite_patient,
          about="Invite the patient to an account of their own; answers a code that works once. "
                "It ends one that was made before.",
          roles=REGISTRARS, body=invitations.NewOwnInvitation,
          answer=invitations.InvitationMade, status=201),
    Route(method="POST", path=f"{WHOSE}/invitations/{{item}}/withdraw",
          handler=invitations.withdraw, about="Take back an invitation that nobody has used.",
          roles=HOSTS, body=invitations.Ended, status=204),
    Route(method="POST", path=f"{WHOSE}/caregivers/{{item}}/stop", handler=invitations.stop,
          about="End that somebody at home can look along.", roles=HOSTS, body=invitations.Ended,
          status=204),
)  # fmt: skip
