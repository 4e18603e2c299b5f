"""A radio for each test, and a central that speaks to it through real bleak."""

from collections.abc import AsyncIterator

import pytest

from simulator.radio import VirtualRadio


@pytest.fixture
async def radio() -> AsyncIterator[VirtualRadio]:
    async with VirtualRadio() as radio:
        yield radio
