"""The outbox against a dict, with crashes: whatever happens, nothing is lost and no number lies."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from tests.unit.gateway.builders import NOW, opened, reading
from wire.messages import Receipts

NUMBERS = st.integers(0, 12)


class OutboxMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.file: OutboxFile = opened(self.directory)
        self.outbox = Outbox(self.file, self.directory)
        self.seqs: dict[int, int] = {}
        self.receipted: set[int] = set()

    @rule(numbers=st.lists(NUMBERS, max_size=4))
    def measures(self, numbers: list[int]) -> None:
        self.outbox.add(*[reading(number) for number in numbers], now=NOW)
        for number in numbers:
            self.seqs.setdefault(number, len(self.seqs) + 1)

    @rule(number=NUMBERS)
    def receives_a_receipt(self, number: int) -> None:
        self.outbox.settle(Receipts(committed=[reading(number).id]), now=NOW)
        if number in self.seqs:
            self.receipted.add(number)

    @rule(from_seq=st.integers(0, 15))
    def is_asked_again(self, from_seq: int) -> None:
        self.outbox.ask_again(from_seq=from_seq)
        self.receipted = {one for one in self.receipted if self.seqs[one] < from_seq}

    @rule()
    def restarts(self) -> None:
        self.file.close()
        self.file = opened(self.directory)
        self.outbox = Outbox(self.file, self.directory)

    @invariant()
    def pending_is_what_has_no_receipt(self) -> None:
        pending = {one.id: one.seq for one in self.outbox.pending_from(0, most=100)}
        assert pending == {
            reading(number).id: seq
            for number, seq in self.seqs.items()
            if number not in self.receipted
        }

    @invariant()
    def the_last_number_is_how_many_there_are(self) -> None:
        assert self.outbox.last_seq == len(self.seqs)

    @override
    def teardown(self) -> None:
        self.file.close()
        shutil.rmtree(self.directory)


OutboxMachine.TestCase.settings = settings(stateful_step_count=20)
TestOutboxAgainstAModel = OutboxMachine.TestCase
