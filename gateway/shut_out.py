"""Says in the log that the clinic does not let this hub in, why that may be, and what to do."""

from typing import Final

import structlog

from wire.consumer import State

log = structlog.get_logger()

NOT_YOU: Final = frozenset({4, 5, 0x86, 0x87, 0x8A})
"""MQTT's codes, of 3.1.1 and of 5, for a name or password that is not, or no longer, good."""
SAID_EVERY: Final = 20
"""Refusals; the line tries once a minute at most."""
WHY: Final = (
    "it was revoked in the clinic, or enrolled anew with other settings. What it measures is kept "
    "here and not sent"
)
TO_DO: Final = (
    "ask the clinic. Enrolled anew (`hearthbeat gateway enrol`, in the clinic) it goes on where it "
    "stopped, after `hearthbeat gateway join --replace` here; one that was revoked gets no code: "
    "switch it off, and send it back with what it holds"
)


class ShutOut:
    """Told of each change of the line."""

    def __init__(self, *, gateway: str) -> None:
        self._gateway = gateway
        self._refusals = 0

    def __call__(self, state: State) -> None:
        if state.connected:
            if self._refusals:
                log.info("the clinic lets this hub in again", gateway=self._gateway)
            self._refusals = 0
        elif state.refused in NOT_YOU:
            if self._refusals % SAID_EVERY == 0:
                log.error(
                    "the clinic's broker does not let this hub in",
                    gateway=self._gateway,
                    why=WHY,
                    to_do=TO_DO,
                )
            self._refusals += 1
