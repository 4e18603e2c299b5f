"""How a hub turns its one-time code into what it signs in with."""

from aiohttp import web
from msgspec import Struct
from structlog import get_logger
from typing_extensions import override

from care.errors import RefusedError
from care.gateways import Credentials
from care.registry import enrol
from console.bodies import read
from console.errors import Unavailable, Unprocessable
from console.parts import PARTS, Parts
from console.replies import reply
from console.tries import failed, not_too_often
from store.pool import UNREACHABLE

log = get_logger()


class EnrolmentCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    """As printed; spaces, dashes and case do not matter."""


class BrokerSignIn(Struct, frozen=True, kw_only=True):
    """Where the hub connects, and as whom."""

    url: str
    username: str
    password: str
    """Shown this once."""

    @override
    def __repr__(self) -> str:
        return f"BrokerSignIn(username={self.username!r})"


class HubCredentials(Struct, frozen=True, kw_only=True, omit_defaults=True):
    gateway: str
    mqtt: BrokerSignIn | None
    """null for a source that posts its readings."""
    time_zone: str | None
    """IANA name of the home, where the clinic has said it."""
    source_key: str = ""
    """For `POST /api/v1/readings`, of such a source only."""

    @override
    def __repr__(self) -> str:
        return f"HubCredentials(gateway={self.gateway!r})"


async def enrolment(request: web.Request) -> web.Response:
    """The code is burnt in this call, and what it bought is shown this once.

    A code that is unknown, used or too old, or whose hub is revoked, is answered alike.
    """
    typed = await read(request, EnrolmentCode)
    parts = request.app[PARTS]
    await not_too_often(request)
    try:
        async with parts.connection() as conn, conn.transaction():
            made = await enrol(conn, typed.code, now=parts.clock())
            # Still inside: where there is no broker to name, the code must not be lost.
            answer = _credentials(made, broker=parts.settings.gateway_broker)
    except RefusedError as error:
        await failed(request)
        raise Unprocessable(f"the code {error.message}", pointer="/code") from None
    await _make_known(parts)
    log.info("a gateway enrolled", gateway=made.gateway_id)
    return reply(answer, status=201)


async def _make_known(parts: Parts) -> None:
    """What the hub sends next, at once perhaps, must find it known.

    Its code is burnt by now: trouble here must not cost it the answer, and passes by itself.
    """
    try:
        await parts.directory.refresh()
    except UNREACHABLE as error:
        log.warning("the directory could not be read again", error=type(error).__name__)


def _credentials(made: Credentials, *, broker: str | None) -> HubCredentials:
    if made.transport != "mqtt":
        return HubCredentials(
            gateway=made.gateway_id,
            mqtt=None,
            time_zone=made.time_zone,
            source_key=made.source_key,
        )
    if broker is None:
        raise Unavailable(
            "the clinic has not said where its broker is (mqtt.public_url); the code is still good"
        )
    mqtt = BrokerSignIn(url=broker, username=made.gateway_id, password=made.secret)
    return HubCredentials(gateway=made.gateway_id, mqtt=mqtt, time_zone=made.time_zone)
