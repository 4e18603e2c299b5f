"""amqtt's broker with three holes shut (amqtt 0.12.1).

- Whoever took another's client id got what waited there for the other.
- With a wrong password, too, a client id was enough to silence the session that had been let in
  under it, and to put another name on it. Here sessions belong to a user name, and nobody touches
  one before the password is known to be right.
- At sign-in, retained messages went to whoever came, if anybody at all had subscribed to them:
  another home's devices. They go to those only who may read them.
"""

import asyncio
from typing import Final

from amqtt import broker as amqtt_broker
from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.contexts import Action
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.plugins.manager import PluginManager
from amqtt.session import Session
from typing_extensions import override

REFUSED: Final = "\0refused"
"""The client id of those who are about to be refused: nobody's."""


class NamedSessions(BrokerProtocolHandler):  # type: ignore[misc] # amqtt is untyped.
    """Makes a client id its user's own, before the broker looks for a session of that id."""

    @override
    @classmethod
    async def init_from_connect(
        cls,
        reader: ReaderAdapter,
        writer: WriterAdapter,
        plugins_manager: PluginManager[amqtt_broker.BrokerContext],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> tuple[BrokerProtocolHandler, Session]:
        handler, session = await super().init_from_connect(reader, writer, plugins_manager, loop)
        answers = await plugins_manager.map_plugin_auth(session=session)
        if answers and all(answers.values()):
            session.client_id = f"{session.username or ''}\0{session.client_id}"
        else:
            session.client_id, session.clean_session = REFUSED, True
        return handler, session


class Broker(amqtt_broker.Broker):  # type: ignore[misc]
    """Retained messages for those who may read them."""

    @override
    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        wanted, qos = subscription
        handler = self._get_handler(session)
        for topic, kept in list(self._retained_messages.items()):
            if (
                handler is not None
                and self._matches(topic, wanted)
                and await self._topic_filtering(session, topic, Action.RECEIVE)
            ):
                most = min(qos, kept.qos or qos)
                await handler.mqtt_publish(kept.topic, kept.data, most, retain=True)


amqtt_broker.BrokerProtocolHandler = NamedSessions
