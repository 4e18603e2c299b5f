"""The Record Access Control Point 0x2A52 of a device that serves its records on request."""

import asyncio
from typing import Final

from bumble.att import ATT_Error

from device_profiles import gatt, record_access
from device_profiles.errors import DecodeError
from device_profiles.record_access import Answer, Op, RecordAccess
from simulator.devices.record_selection import select
from simulator.devices.recorder import Recorder
from simulator.devices.session import Session
from simulator.memory import Record

_INVALID_PDU: Final = 0x04


class RecordAccessPoint:
    """One procedure at a time, for the one central that is connected."""

    def __init__(self, device: Recorder) -> None:
        self._device = device
        self._running: asyncio.Task[None] | None = None
        self._refused_as_busy = 0
        self._refused_as_unconfigured = 0

    async def asked(self, value: bytes) -> None:
        """Take a request, or refuse it by an ATT error; what it asks for comes after the answer."""
        session, faults = self._device.session, self._device.faults.record_access
        if session is None:
            return
        if not session.is_subscribed(gatt.RECORD_ACCESS_CONTROL_POINT) or not session.is_subscribed(
            gatt.GLUCOSE_MEASUREMENT
        ):
            raise ATT_Error(faults.unconfigured_code)
        if self._refused_as_unconfigured < faults.unconfigured_times:
            self._refused_as_unconfigured += 1
            raise ATT_Error(faults.unconfigured_code)
        if self._refused_as_busy < faults.busy_times:
            self._refused_as_busy += 1
            raise ATT_Error(faults.busy_code)
        try:
            request = record_access.decode(value)
        except DecodeError as error:
            raise ATT_Error(_INVALID_PDU) from error
        if request.op != Op.ABORT and self._is_running:
            raise ATT_Error(faults.busy_code)
        if faults.never_answers:
            return
        if request.op == Op.ABORT:
            session.spawn(self._abort(session))
        else:
            self._running = session.spawn(self._carry_out(session, request))

    @property
    def _is_running(self) -> bool:
        return self._running is not None and not self._running.done()

    async def _abort(self, session: Session) -> None:
        answer = Answer.SUCCESS
        if self._running is not None and self._is_running:
            if self._device.faults.record_access.aborts_unsuccessful:
                answer = Answer.ABORT_UNSUCCESSFUL
            else:
                self._running.cancel()
        await self._answer(session, Op.ABORT, answer)

    async def _carry_out(self, session: Session, request: RecordAccess) -> None:
        faults = self._device.faults.record_access
        memory = self._device.memory
        chosen = select(list(memory), request, unsupported=faults.operators_unsupported)
        if isinstance(chosen, Answer):
            await self._answer(session, request.op, chosen)
        elif request.op == Op.COUNT:
            count = len(chosen).to_bytes(faults.count_bytes, "little")
            await session.send(
                gatt.RECORD_ACCESS_CONTROL_POINT, bytes((Op.COUNT_RESPONSE, 0)) + count
            )
        elif request.op == Op.DELETE:
            for record in chosen:
                memory.forget(record.number)
            await self._answer(session, Op.DELETE, Answer.SUCCESS if chosen else Answer.NO_RECORDS)
        else:
            answer = await self._report(session, chosen)
            if answer is not None:
                await self._answer(session, Op.REPORT, answer)

    async def _report(self, session: Session, chosen: list[Record]) -> Answer | None:
        """Send them; what to answer then, or None where there is nobody left to be answered."""
        faults = self._device.faults
        for sent, record in enumerate(chosen):
            if sent == faults.record_access.not_completed_after:
                return Answer.NOT_COMPLETED
            if faults.lost_on_read:
                self._device.memory.forget(record.number)
            if not await self._send(session, record, times=2 if faults.send_twice else 1):
                return None
            await asyncio.sleep(self._device.traits.frame_gap_s)
        # Whoever asked has what he wanted, so that there is no more reason to advertise.
        self._device.memory.all_delivered()
        return Answer.SUCCESS if chosen else Answer.NO_RECORDS

    async def _send(self, session: Session, record: Record, *, times: int) -> bool:
        for uuid, frame in record.frames:
            for _ in range(times if session.is_subscribed(uuid) else 0):
                if not await session.send(uuid, frame):
                    return False
        return True

    async def _answer(self, session: Session, op: int, answer: Answer) -> None:
        frame = record_access.response(op, answer)
        await session.send(gatt.RECORD_ACCESS_CONTROL_POINT, frame)
