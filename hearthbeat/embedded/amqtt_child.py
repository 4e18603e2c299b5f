"""The broker for machines without mosquitto: amqtt, in a process of its own, on loopback only.

MQTT 3.1.1, nothing persistent, no shared subscriptions: one ingest worker. Receipts make it safe;
it is slow and it is not for a clinic. Run as `python -m hearthbeat.embedded.amqtt_child`.
"""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from hearthbeat.embedded.amqtt_broker import Broker
from hearthbeat.embedded.amqtt_plugins import PATHS, known_in, shut_out
from hearthbeat.stopping import set_by, stop_on_signal


async def serve(*, port: int, passwords: Path, open_door: bool) -> None:
    """Until SIGTERM or SIGINT."""
    door, topics = PATHS
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "timeout_disconnect_delay": 0,
            "session_expiry_interval": 24 * 3600,
            "plugins": {
                door: {"passwords": str(passwords), "open_door": open_door},
                topics: {"open_door": open_door},
            },
        }
    )
    stop = stop_on_signal()
    changed = set_by(signal.SIGHUP)
    await broker.start()
    hanging_up = asyncio.create_task(_hang_up(broker, passwords, changed))
    await stop.wait()
    hanging_up.cancel()
    await broker.shutdown()


async def _hang_up(broker: Broker, passwords: Path, changed: asyncio.Event) -> None:
    """As mosquitto does at SIGHUP: those who would not be let in any more are cut.

    The file is read at each sign-in, so that they do not come back.
    """
    while True:
        await changed.wait()
        changed.clear()
        known = known_in(str(passwords))
        for session, handler in list(broker._sessions.values()):  # noqa: SLF001 - It has no other.
            if session.transitions.is_connected() and shut_out(session, known):
                await handler.handle_connection_closed()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--passwords", type=Path, required=True)
    parser.add_argument("--open-door", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    # It logs as an error what a broker meets every day: clients that go away without a word.
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    asyncio.run(serve(port=options.port, passwords=options.passwords, open_door=options.open_door))


if __name__ == "__main__":
    main()
