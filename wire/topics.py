"""The topics of version 1: who speaks where. The gateway id in the topic is the authority."""

import re
from enum import StrEnum
from typing import Final

from wire.errors import BadTopic

GATEWAY_ID: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
"""One topic level without wildcards, also fit for a certificate's common name and a file name."""

ROOT: Final = "hearthbeat/v1"
READINGS_FILTER: Final = f"{ROOT}/+/readings"
STATUS_FILTER: Final = f"{ROOT}/+/status"


class Leaf(StrEnum):
    """The last level of a topic."""

    READINGS = "readings"  # gateway -> ingest
    RECEIPTS = "receipts"  # ingest -> gateway
    STATUS = "status"  # gateway -> ingest, retained, also the last will
    COMMANDS = "commands"  # ingest -> gateway, retained


def readings(gateway: str) -> str:
    return _topic(gateway, Leaf.READINGS)


def receipts(gateway: str) -> str:
    return _topic(gateway, Leaf.RECEIPTS)


def status(gateway: str) -> str:
    return _topic(gateway, Leaf.STATUS)


def commands(gateway: str) -> str:
    return _topic(gateway, Leaf.COMMANDS)


def shared(topic_filter: str, group: str = "ingest") -> str:
    """As a shared subscription (MQTT 5, 4.8.2): each message goes to one member of `group`."""
    if not group or set(group) & set("/+#"):
        raise BadTopic(f"{group!r} can't name a group of subscribers")
    return f"$share/{group}/{topic_filter}"


def parse(topic: str) -> tuple[str, Leaf]:
    """The gateway and the leaf of a received topic; raises BadTopic."""
    match topic.split("/"):
        case ["hearthbeat", "v1", gateway, leaf] if leaf in _LEAVES and GATEWAY_ID.match(gateway):
            return gateway, _LEAVES[leaf]
        case _:
            raise BadTopic("not a topic of version 1")


_LEAVES: Final[dict[str, Leaf]] = {leaf.value: leaf for leaf in Leaf}


def _topic(gateway: str, leaf: Leaf) -> str:
    if not GATEWAY_ID.match(gateway):
        raise BadTopic(f"{gateway!r} can't be a gateway id")
    return f"{ROOT}/{gateway}/{leaf}"
