"""One received message, and what is needed to acknowledge it where it came from."""

from msgspec import Struct


class Delivery(Struct, frozen=True, gc=False):
    """A message off the line. A Struct, because one is made per message on the hot path."""

    topic: str
    payload: bytes
    retain: bool = False
    packet_id: int = 0
    """The broker's number for it on that connection; 0 for QoS 0, which is never acknowledged."""
    generation: int = 0
    """Which connection it came on: its packet id means another message on the next one."""
