from ipaddress import ip_network

import pytest

from observe.doorway import Doorway, Limits


@pytest.mark.parametrize(("before", "let_in"), [(1, True), (2, True), (3, False)])
def test_a_peer_has_so_many_places(before: int, let_in: bool) -> None:  # noqa: FBT001
    doorway = Doorway(Limits(most_per_peer=3))
    for _ in range(before):
        assert doorway.enter("192.0.2.1")
    assert doorway.enter("192.0.2.1") is let_in
    assert doorway.enter("192.0.2.2")


def test_a_place_is_free_when_somebody_leaves() -> None:
    doorway = Doorway(Limits(most_per_peer=1))
    assert doorway.enter("192.0.2.1")
    assert not doorway.enter("192.0.2.1")
    doorway.leave("192.0.2.1")
    assert doorway.enter("192.0.2.1")


@pytest.mark.parametrize("peer", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_a_proxy_speaks_for_many_up_to_all_there_are(peer: str) -> None:
    doorway = Doorway(Limits(most=5, most_per_peer=1, not_counted=(ip_network("10.0.0.0/8"),)))
    assert all(doorway.enter(peer) for _ in range(5))
    assert not doorway.enter(peer)
    assert not doorway.enter("192.0.2.1")
