"""Which acknowledgements may go out: in the order in which the messages came [MQTT-4.6.0-2]."""

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice


class AckOrder:
    """The unacknowledged messages of one connection. Some brokers hang up on disorder."""

    def __init__(self) -> None:
        self._finished: OrderedDict[int, bool] = OrderedDict()

    def __len__(self) -> int:
        """Messages that the broker still waits for."""
        return len(self._finished)

    def arrived(self, packet_id: int) -> None:
        """Number 0 (QoS 0) is never acknowledged."""
        if packet_id:
            self._finished.setdefault(packet_id, False)

    def finish(self, packet_ids: Iterable[int]) -> list[int]:
        """These are done; the ids to acknowledge now, each handed out once."""
        finished, done = self._finished, list(packet_ids)
        ready: list[int] = []
        if done == list(islice(finished, len(done))):
            # The oldest, in their order: so it is nearly always.
            ready = done
            for packet_id in done:
                del finished[packet_id]
        else:
            for packet_id in done:
                if packet_id in finished:
                    finished[packet_id] = True
        while finished and finished[first := next(iter(finished))]:
            del finished[first]
            ready.append(first)
        return ready
