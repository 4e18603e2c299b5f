"""A message on its way, and what can come of sending it."""

import datetime as dt
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from msgspec import Struct


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    NTFY = "ntfy"
    SMS = "sms"
    CONSOLE = "console"


class Message(Struct, frozen=True, kw_only=True):
    """One row of the outbox. Nothing in it is about a patient; its address is never logged."""

    id: UUID
    channel: Channel
    address: str
    subject: str
    body: str
    attempts: int
    """This one included."""
    created_at: dt.datetime
    expires_at: dt.datetime
    what: str = "alert"
    """`alert`, `test`, or to a patient `reminder`, `receipt`."""
    secret: str | None = None
    """Of the contact: what a webhook's signature is made with."""


class Sent(Struct, frozen=True, kw_only=True):
    """The other side has taken it."""

    provider_id: str | None = None


class Failed(Struct, frozen=True, kw_only=True):
    """It has not. `again`: another try may go better."""

    why: str
    """Without the address."""
    again: bool


class Needless(Struct, frozen=True, kw_only=True):
    """It is not to be sent any more: what it was about has changed since it was written."""

    why: str


class Sender(Protocol):
    """One channel. Answers in bounded time, and raises nothing that the network can cause."""

    async def send(self, message: Message) -> Sent | Failed: ...
