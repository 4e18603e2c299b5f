#!/usr/bin/env python3
"""Set up, run, test, check and benchmark Hearthbeat with nothing but Python 3.11 and pip.

The Makefile's targets are thin calls of this file, for machines without make.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
LOCK = ROOT / "requirements" / "dev.lock"
ORACLES = ROOT / "requirements" / "oracles.txt"
STAMP = VENV / ".hearthbeat-installed"
PYTHON_MIN = (3, 11)
PACKAGES_PER_LINE = 25
"""Of progress while they are looked for."""
WORKERS_MAX = 8
OWN_WORKERS = ("-n", "--numprocesses", "--dist", "--pdb", "--trace")
"""pytest's options that choose how many workers there are, or want none."""
PAGES = "tests/browser"
EXTRAS = ("gateway", "server", "demo", "dev")


def main() -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=sorted(COMMANDS), help="what to do")
    parser.add_argument("args", nargs=argparse.REMAINDER, help="handed on to the command behind it")
    options = parser.parse_args()
    if sys.version_info < PYTHON_MIN:
        version = ".".join(map(str, sys.version_info[:3]))
        print(f"Hearthbeat needs Python 3.11 or newer; this is {version}. Try: python3.11 hb.py …")
        return 2
    return COMMANDS[options.command](options.args)


def setup(_: Sequence[str] = ()) -> int:
    """Build .venv from the hash-locked requirements; quick when nothing changed."""
    wanted = _fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and (BIN / "python").exists():
        return 0
    if not (BIN / "python").exists():
        print("hb: making .venv", flush=True)
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    print("hb: installing the locked requirements (a minute or two the first time)", flush=True)
    steps = (
        [*pip, "--progress-bar", "off", "--require-hashes", "-r", str(LOCK)],
        [*pip, "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    )
    for step in steps:
        if status := _said_briefly(step):
            print("hb: the installation failed; what pip said stands above", file=sys.stderr)
            return status
    STAMP.write_text(wanted)
    return 0


def _said_briefly(step: Sequence[str]) -> int:
    """Pip's exit status. Of its 200 lines a few are progress; all are wanted when it fails."""
    said: list[str] = []
    found = 0
    with subprocess.Popen(
        step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            if line.startswith("Collecting "):
                found += 1
                if found % PACKAGES_PER_LINE == 0:
                    print(f"hb: {found} packages found", flush=True)
            elif line.startswith("Installing collected"):
                print(f"hb: installing {found} packages", flush=True)
    if pip.returncode:
        sys.stdout.writelines(said)
        sys.stdout.flush()
    return pip.returncode


def _fingerprint() -> str:
    """Changes whenever the environment must be built again."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (LOCK, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run(args: list[str]) -> int:
    """Start everything on this machine with a demonstration clinic and simulated homes."""
    return setup() or _replace("hearthbeat", "up", "--demo", *args)


def test(args: list[str]) -> int:
    """Run all tests, several at once; those in a browser after the others."""
    if status := setup():
        return status
    _fetch_oracles()
    if args:
        return _replace("python", "-m", "pytest", *_workers(args), *args)
    # Browsers want a core each: beside them tests with radios and brokers would wait too long.
    python = str(BIN / "python")
    runs = (
        (*_workers(()), f"--ignore={PAGES}"),
        ("-n", str(os.cpu_count() or 1), "--dist", "worksteal", PAGES),
    )
    return max(
        subprocess.run([python, "-m", "pytest", *each], cwd=ROOT, check=False).returncode
        for each in runs
    )


def _workers(args: Sequence[str]) -> list[str]:
    """The tests wait more than they compute: two workers for each core are not too many."""
    if any(arg.startswith(OWN_WORKERS) for arg in args):
        return []
    count = min(2 * (os.cpu_count() or 1), WORKERS_MAX)
    return ["-n", str(count), "--dist", "worksteal"]


def _fetch_oracles() -> None:
    """Download the archives that tests compare with; without them those tests skip, and say so."""
    folder = VENV / "oracles"
    stamp = folder / ".fetched"
    if stamp.exists() and stamp.read_bytes() == ORACLES.read_bytes():
        return
    print("hb: fetching what some tests compare with", flush=True)
    step = [
        *(str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "download", "--quiet"),
        *("--retries", "2", "--timeout", "20"),
        *("--no-deps", "--no-binary", ":all:", "--no-build-isolation"),
        *("--require-hashes", "-r", str(ORACLES), "-d", str(folder)),
    ]
    if subprocess.run(step, check=False).returncode:
        print("hb: not fetched; the tests that need it will be skipped", file=sys.stderr)
    else:
        stamp.write_bytes(ORACLES.read_bytes())


def check(_: list[str]) -> int:
    """Run ruff, mypy --strict, import-linter, and where node is present the scripts' types."""
    if status := setup():
        return status
    steps = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "."], ["lint-imports"])
    failed = [
        step[0]
        for step in steps
        if subprocess.run([str(BIN / step[0]), *step[1:]], cwd=ROOT, check=False).returncode
    ]
    if not _scripts_hold():
        failed.append("tsc")
    if failed:
        print(f"hb: check failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _scripts_hold() -> bool:
    """TypeScript reads the console's scripts; what it is made of comes from its lock file."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        print("hb: no node here: the types of the console's scripts are not checked")
        return True
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    stamp = ROOT / "node_modules" / ".hearthbeat-installed"
    wanted = (ROOT / "package-lock.json").read_text()
    if not (stamp.exists() and stamp.read_text() == wanted):
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        if subprocess.run([npm, "ci", *quiet], cwd=ROOT, check=False).returncode:
            print("hb: TypeScript could not be installed: types are not checked", file=sys.stderr)
            return True
        stamp.write_text(wanted)
    return not subprocess.run([node, str(compiler), "-p", "."], cwd=ROOT, check=False).returncode


def bench(args: list[str]) -> int:
    """Run the benchmarks: a table of ratios side by side."""
    return setup() or _replace("python", "-m", "benchmarks", *args)


def lock(_: list[str]) -> int:
    """Resolve requirements/*.lock anew; needs uv on the PATH."""
    if not shutil.which("uv"):
        print("hb: 'lock' needs uv: pip install uv", file=sys.stderr)
        return 2
    compiled = [
        *((["pyproject.toml", "--extra", extra], extra) for extra in EXTRAS),
        (["requirements/peers.in"], "peers"),
    ]
    for source, name in compiled:
        command = [
            *("uv", "pip", "compile", "--quiet", *source),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-emit-index-url", "--no-header", "-o", f"requirements/{name}.lock"),
        ]
        if status := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return status
    return 0


def _replace(program: str, *args: str) -> int:
    """Become the program, so that signals and exit statuses pass unchanged."""
    os.chdir(ROOT)
    os.execv(str(BIN / program), [str(BIN / program), *args])


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main())
