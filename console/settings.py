"""What the console needs to know."""

from msgspec import Struct


class ConsoleSettings(Struct, frozen=True, kw_only=True):
    """One console process."""

    version: str = "0"
    """Told by the API's description."""
    gateway_broker: str | None = None
    """What homes are told at enrolment: mqtts://host:port, without a name."""
    allow_unsafe_database: bool = False
    """Tests only: receipt what a crash of the database would lose."""
