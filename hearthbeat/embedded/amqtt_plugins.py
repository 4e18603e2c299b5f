"""Our rules in amqtt's terms: who is let in, and who may speak where."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amqtt.contexts import Action, BaseContext
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from hearthbeat.embedded.broker_access import READ, WRITE, allowed, fits, read_password_file

PATHS: Final = (f"{__name__}.Door", f"{__name__}.Topics")
"""As amqtt's configuration names them."""


class Door(BaseAuthPlugin):  # type: ignore[misc] # amqtt is untyped.
    """Names and passwords from the file that mosquitto would read; it is read at each sign-in."""

    @dataclass
    class Config:
        """The options of this plugin."""

        passwords: str = ""
        open_door: bool = False

    async def authenticate(self, *, session: Session) -> bool | None:
        """True lets the client in."""
        if not session.username:
            session.username = None
            return bool(self.config.open_door)
        wanted = known_in(self.config.passwords).get(session.username)
        return wanted is not None and fits(session.password or "", wanted)


def shut_out(session: Session, known: Mapping[str, str]) -> bool:
    """Whether a client that was let in would not be let in any more."""
    if not session.username:
        return False
    wanted = known.get(session.username)
    return wanted is None or not fits(session.password or "", wanted)


def known_in(file: str) -> dict[str, str]:
    return read_password_file(Path(file).read_text(encoding="utf-8"))


class Topics(BaseTopicPlugin):  # type: ignore[misc]
    """The same rules that mosquitto has in its file."""

    @dataclass
    class Config:
        """The options of this plugin."""

        open_door: bool = False

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)
        self._open_door = bool(self.config.open_door)

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool | None:
        """True permits; what is sent to us is checked against what we may read."""
        user = session.username if session is not None else None
        wanted = WRITE if action == Action.PUBLISH else READ
        return allowed(user, wanted, topic or "", open_door=self._open_door)
