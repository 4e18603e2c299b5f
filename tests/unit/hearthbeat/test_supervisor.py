"""Real but tiny processes: the supervisor is about nothing else."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hearthbeat.child import ended
from hearthbeat.errors import ChildFailed
from hearthbeat.program import Program
from hearthbeat.supervisor import Supervisor

LIVE = "import time\nprint('up', flush=True)\ntime.sleep(60)"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hearthbeat.supervisor.RESTART_FIRST_S", 0.02)


class Ear:
    """Hears lines and notices."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.notices: list[str] = []

    def line(self, name: str, text: str) -> None:
        self.lines.append(f"{name}: {text}")

    async def hears(self, found: Callable[["Ear"], bool]) -> None:
        async with asyncio.timeout(60):
            while not found(self):  # noqa: ASYNC110 - Lines come from another process.
                await asyncio.sleep(0.01)


def supervisor(ear: Ear) -> Supervisor:
    return Supervisor(lines=ear.line, notice=ear.notices.append)


def program(name: str, script: str, **options: object) -> Program:
    return Program(
        name=name,
        argv=(sys.executable, "-c", script),
        **options,  # type: ignore[arg-type]
    )


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


async def test_lines_come_with_the_name_of_the_process() -> None:
    ear = Ear()
    async with supervisor(ear) as running:
        await running.start(program("a", LIVE))
        await ear.hears(lambda ear: "a: up" in ear.lines)


async def test_what_dies_is_started_again() -> None:
    ear = Ear()
    async with supervisor(ear) as running:
        await running.start(program("a", LIVE))
        first = running.pid("a")
        assert first is not None
        await ear.hears(lambda ear: ear.lines.count("a: up") == 1)
        os.kill(first, signal.SIGKILL)
        await ear.hears(lambda ear: ear.lines.count("a: up") == 2)
        assert running.pid("a") not in {None, first}
    assert ear.notices[0] == "a was ended by SIGKILL; starting it again"


async def test_a_start_that_fails_is_tried_again() -> None:
    ear = Ear()
    times = 0

    async def before() -> None:
        nonlocal times
        times += 1
        if times == 2:
            raise RuntimeError("not now")

    async with supervisor(ear) as running:
        await running.start(program("a", LIVE, before=before))
        await ear.hears(lambda ear: ear.lines.count("a: up") == 1)
        first = running.pid("a")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await ear.hears(lambda ear: ear.lines.count("a: up") == 2)
    assert "a: not now" in ear.notices


async def test_the_last_started_is_stopped_first() -> None:
    ear = Ear()
    script = (
        "import os, signal, time\n"
        # Not print: the signal may come while the line before is being printed.
        "def bye(*_):\n    os.write(1, b'bye\\n')\n    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, bye)\nprint('up', flush=True)\ntime.sleep(60)"
    )
    async with supervisor(ear) as running:
        for name in ("a", "b", "c"):
            await running.start(program(name, script))
        await ear.hears(lambda ear: len(ear.lines) == 3)
    assert ear.lines[3:] == ["c: bye", "b: bye", "a: bye"]


async def test_what_does_not_listen_is_killed() -> None:
    ear = Ear()
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LIVE
    async with supervisor(ear) as running:
        await running.start(program("a", deaf, stop_within_s=0.05))
        await ear.hears(lambda ear: "a: up" in ear.lines)
        pid = running.pid("a")
    assert pid is not None
    assert not alive(pid)


async def test_one_that_ends_before_it_is_ready_fails_with_its_last_lines() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    ear = Ear()
    with pytest.raises(ChildFailed, match=r"a ended with status 3:\nno luck"):
        async with supervisor(ear) as running:
            await running.start(program("a", "print('no luck'); raise SystemExit(3)", ready=never))


async def test_one_that_is_never_ready_fails_and_is_stopped() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    ear = Ear()
    with pytest.raises(ChildFailed, match=r"a was not ready after 0\.1 s"):
        async with supervisor(ear) as running:
            await running.start(program("a", LIVE, ready=never, ready_within_s=0.1))


async def test_a_line_without_end_does_not_stop_the_reading() -> None:
    ear = Ear()
    script = "print('x' * 300_000, flush=True)\n" + LIVE
    async with supervisor(ear) as running:
        await running.start(program("a", script))
        await ear.hears(lambda ear: "a: up" in ear.lines)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
async def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "supervising.py"
    script.write_text(
        "import asyncio, sys\n"
        "from hearthbeat.program import Program\n"
        "from hearthbeat.supervisor import Supervisor\n"
        "async def main():\n"
        "    async with Supervisor(lines=lambda *_: None, notice=print) as running:\n"
        f"        await running.start(Program(name='a', argv=(sys.executable, '-c', {LIVE!r})))\n"
        "        print(running.pid('a'), flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    child = int(await process.stdout.readline())
    assert alive(child)
    process.kill()
    await process.wait()
    async with asyncio.timeout(60):
        while alive(child):  # noqa: ASYNC110 - It is no child of ours.
            await asyncio.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "ended with status 0"), (-9, "was ended by SIGKILL"), (-250, "was ended by signal 250")],
)
def test_an_exit_status_in_words(status: int, words: str) -> None:
    assert ended(status) == words
