"""The MQTT 5 packets that we send, and the broker's reasons in words."""

import sys
from array import array
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

import mqtt5

from wire.consumer import Will
from wire.outbound import Outgoing
from wire.session import MOST_PACKET_BYTES, Wishes

FAILURE: Final = 0x80
"""MQTT 5 reason codes from here on are refusals. The codec's enums know only `==`, whatever their
stub says: compare `int()` of them.
"""
_SUBSCRIBE_ID: Final = 1


def connect(wishes: Wishes) -> mqtt5.ConnectPacket:
    will, password = wishes.will, wishes.address.password
    return mqtt5.ConnectPacket(
        wishes.client_id,
        username=wishes.address.username,
        password=None if password is None else password.encode(),
        clean_start=wishes.session_expiry_s == 0,
        will=None if will is None else _will(will),
        keep_alive=wishes.keepalive_s,
        session_expiry_interval=wishes.session_expiry_s,
        receive_max=wishes.receive_maximum,
        max_packet_size=MOST_PACKET_BYTES,
    )


def _will(will: Will) -> mqtt5.Will:
    return mqtt5.Will(
        will.topic, payload=will.payload, qos=mqtt5.QoS.AT_LEAST_ONCE, retain=will.retain
    )


def subscribe(filters: Sequence[str]) -> mqtt5.SubscribePacket:
    """QoS 1. The retain flag then tells a stored message from a live one."""
    wanted = [
        mqtt5.TopicFilter(pattern, max_qos=mqtt5.QoS.AT_LEAST_ONCE, retain_as_published=False)
        for pattern in filters
    ]
    return mqtt5.SubscribePacket(_SUBSCRIBE_ID, wanted)


def unsubscribe(filters: Sequence[str]) -> mqtt5.UnsubscribePacket:
    return mqtt5.UnsubscribePacket(_SUBSCRIBE_ID, list(filters))


def publish(message: Outgoing, packet_id: int) -> mqtt5.PublishPacket:
    return mqtt5.PublishPacket(
        message.topic,
        message.payload,
        qos=mqtt5.QoS.AT_LEAST_ONCE,
        retain=message.retain,
        packet_id=packet_id,
    )


def pubacks(packet_ids: Sequence[int]) -> bytes:
    """One after the other: 0x40, a length of 2, and the number in network order. Thousands at a
    time, so put together by columns.
    """
    numbers = array("H", packet_ids)
    if sys.byteorder == "little":
        numbers.byteswap()
    columns = numbers.tobytes()
    together = bytearray(b"\x40\x02\0\0") * len(packet_ids)
    together[2::4], together[3::4] = columns[::2], columns[1::2]
    return bytes(together)


def words(code: IntEnum, said: str | None) -> str:
    """The broker's own words where it gives some, else the reason code's name."""
    return said or code.name.replace("_", " ").lower()
