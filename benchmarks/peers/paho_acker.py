"""The baseline: a bare paho subscriber that acknowledges every message and stores nothing.

Arguments: port, client id, topic filter, how many messages. Ends after the last one.
"""

import sys
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


def main() -> None:
    """Count messages; paho acknowledges each when on_message returns."""
    port, client_id, pattern, most = sys.argv[1:5]
    left = int(most)

    def on_message(client: paho.Client, _data: Any, _message: paho.MQTTMessage) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            client.disconnect()

    client = paho.Client(CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5)
    client.on_message = on_message
    client.on_connect = lambda c, *_: c.subscribe(pattern, qos=1)
    kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    kept.SessionExpiryInterval = 3600
    client.connect("127.0.0.1", int(port), clean_start=False, properties=kept)
    client.loop_forever()


if __name__ == "__main__":
    main()
