"""Asking a meter for its stored records, at the Record Access Control Point (0x2A52)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from device_profiles import record_access
from device_profiles.errors import DecodeError
from device_profiles.record_access import Answer, Op, RecordAccess
from gateway.errors import RecordsRefused, WentQuiet
from gateway.peer import Peer
from gateway.radio_errors import Meaning, meaning

TRIES: Final = 4
BUSY_WAIT_S: Final = 1.0
ABORT_WAIT_S: Final = 2.0
NEAR_THE_WRAP: Final = 65_000
"""Numbers are 16 bits wide: near the end, ">= last" would miss those that started again at 0."""
UNSUPPORTED: Final = frozenset(
    {
        Answer.OP_NOT_SUPPORTED,
        Answer.INVALID_OPERATOR,
        Answer.OPERATOR_NOT_SUPPORTED,
        Answer.INVALID_OPERAND,
        Answer.OPERAND_NOT_SUPPORTED,
    }
)
log = structlog.get_logger()


class Ask(StrEnum):
    """What to ask for, and why."""

    NOTHING = "the meter holds nothing"
    ALL = "nothing is known of what it holds"
    SINCE_LAST = "from the last record that a complete report brought"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What a report has brought so far: told by whoever receives the frames."""

    count: int = 0
    last_sequence: int | None = None
    last_record: str | None = None
    """Hex."""
    anchor_seen: bool = False
    """The record of the last complete report came again, byte for byte."""


def what_to_ask(*, last: int | None, held: int | None) -> Ask:
    """Decide. `held` is the meter's answer to a count, None where it cannot count."""
    if held == 0:
        return Ask.NOTHING
    return Ask.ALL if last is None or last >= NEAR_THE_WRAP else Ask.SINCE_LAST


def was_reset(answer: int | None, arrived: Arrived) -> bool:
    """After "since the last": the meter does not know that record any more, or has another there.

    A battery change lets the numbers start again; what came since would never be asked for.
    """
    return answer == Answer.NO_RECORDS or not arrived.anchor_seen


class ControlPoint:
    """The control point of one session."""

    def __init__(
        self,
        peer: Peer,
        characteristic: BleakGATTCharacteristic,
        *,
        settle_s: float,
        silence_s: float,
        last_arrival: Callable[[], float],
        resubscribe: Callable[[], Awaitable[None]],
        over: asyncio.Event,
    ) -> None:
        self._peer = peer
        self._characteristic = characteristic
        self._settle_s = settle_s
        self._silence_s = silence_s
        self._last_arrival = last_arrival
        self._resubscribe = resubscribe
        self._over = over
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    def heard(self, data: bytes) -> None:
        """The control point said something."""
        self._answers.put_nowait(data)

    async def ask(self, request: bytes) -> RecordAccess:
        """The final answer to `request`. Raises RecordsRefused, WentQuiet, BleakError."""
        await self._write(request)
        while True:
            answer = await self._next_answer()
            if answer.op == Op.COUNT_RESPONSE and request[0] == Op.COUNT:
                return answer
            if answer.op == Op.RESPONSE and answer.request == request[0]:
                return answer
            log.info("control point answered something else", op=answer.op)

    async def abort(self) -> None:
        """Stop whatever runs; whether the meter agrees does not matter any more."""
        try:
            async with asyncio.timeout(ABORT_WAIT_S):
                await self._peer.write(self._characteristic, record_access.abort())
                await self._answers.get()
        except (BleakError, TimeoutError, WentQuiet) as error:
            log.info("abort went unanswered", error=type(error).__name__)

    async def _write(self, request: bytes) -> None:
        """Tries again while the meter is busy, and once more with its notifications enabled."""
        for attempt in range(1, TRIES + 1):
            await asyncio.sleep(self._settle_s)
            self._forget_answers()
            try:
                await self._peer.write(self._characteristic, request)
            except BleakError as error:
                await self._prepare_again(error, attempt)
            else:
                return
        raise RecordsRefused("The meter stayed busy.")

    async def _prepare_again(self, error: BleakError, attempt: int) -> None:
        what = meaning(error)
        if attempt == TRIES or what not in {Meaning.BUSY, Meaning.NOT_SUBSCRIBED}:
            raise RecordsRefused(f"The meter refused the request: {error}") from error
        if what is Meaning.NOT_SUBSCRIBED:
            await self._resubscribe()
        else:
            await asyncio.sleep(BUSY_WAIT_S)

    async def _next_answer(self) -> RecordAccess:
        """Patient as long as records flow: the guard time counts from the last one."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        while True:
            left = max(asked_at, self._last_arrival()) + self._silence_s - loop.time()
            if left <= 0:
                await self.abort()
                raise WentQuiet("The meter neither sent records nor answered.")
            data = await self._heard_within(left)
            if data is None:
                continue
            try:
                return record_access.decode(data)
            except DecodeError as error:
                log.info("control point answer cannot be read", error=error.code)

    async def _heard_within(self, seconds: float) -> bytes | None:
        hearing = asyncio.ensure_future(self._answers.get())
        ending = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait(
                {hearing, ending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ending.cancel()
            hearing.cancel()
        if hearing.done() and not hearing.cancelled():
            return hearing.result()
        if self._over.is_set():
            raise WentQuiet("The link went down in the middle of a report.")
        return None

    def _forget_answers(self) -> None:
        while not self._answers.empty():
            self._answers.get_nowait()


async def fetch(
    point: ControlPoint, *, last: int | None, arrived: Callable[[], Arrived]
) -> Arrived | None:
    """Ask for all that is new. What to remember for the next visit; None to remember nothing new.

    Raises RecordsRefused when the meter did not complete its report: what came has been kept, and
    the next visit asks for it again.
    """
    held = await _count(point)
    ask = what_to_ask(last=last, held=held)
    if ask is Ask.SINCE_LAST and last is not None:
        answer = (await point.ask(record_access.report_from(last))).response
        if answer == Answer.SUCCESS and not was_reset(answer, arrived()):
            return arrived()
        if answer not in UNSUPPORTED | {Answer.SUCCESS, Answer.NO_RECORDS}:
            raise RecordsRefused(f"The meter broke off its report with code {answer}.")
        log.info("asking for all records", reset=answer not in UNSUPPORTED)
        ask = Ask.ALL
    if ask is Ask.NOTHING:
        return None
    before = arrived().count
    answer = (await point.ask(record_access.report_all())).response
    if answer == Answer.NO_RECORDS:
        return None
    if answer != Answer.SUCCESS:
        raise RecordsRefused(f"The meter broke off its report with code {answer}.")
    brought = arrived().count - before
    if held is not None and brought < held:
        raise RecordsRefused(f"The meter reported {brought} of {held} records.")
    return arrived()


async def _count(point: ControlPoint) -> int | None:
    answer = await point.ask(record_access.count_all())
    if answer.op == Op.COUNT_RESPONSE:
        return answer.count
    return 0 if answer.response == Answer.NO_RECORDS else None
