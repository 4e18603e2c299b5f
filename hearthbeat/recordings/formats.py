"""Which formats there are, and which one a file is in."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hearthbeat.errors import RecordingError
from hearthbeat.recordings import generic_csv, home_bp, home_weight, smbg_aim94, table
from hearthbeat.recordings.record import Row

BYTES_MAX: Final = 128 << 20
"""Some million rows. A device file, which has no end, would take all memory."""
HEAD_LINES: Final = 20
PIECE: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format of recordings."""

    name: str
    title: str
    fits: Callable[[Sequence[str]], bool]
    parse: Callable[[Iterable[str]], Iterator[Row]]
    doubt: Callable[[Sequence[str], Collection[str]], str | None]
    """What is wrong with the names of the columns, but for those to be ignored."""


FORMATS: Final[dict[str, Format]] = {
    module.NAME: Format(
        name=module.NAME,
        title=module.TITLE,
        fits=module.fits,
        parse=module.parse,
        doubt=module.doubt,
    )
    for module in (smbg_aim94, home_bp, home_weight, generic_csv)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One file, read."""

    file: Path
    format: Format
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One file, its rows still to be parsed."""

    file: Path
    format: Format
    text: str

    def lines(self) -> Iterator[str]:
        """Not splitlines(): to that, bytes which are letters in another encoding end a line too.

        Cut piece by piece: all lines at once would take several times the memory of the text.
        """
        at, end = 0, len(self.text) - self.text.endswith("\n")
        while at <= end:
            stop = self.text.find("\n", at + PIECE, end)
            stop = end if stop < 0 else stop
            yield from self.text[at:stop].split("\n")
            at = stop + 1

    def rows(self) -> Iterator[Row]:
        return self.format.parse(self.lines())


def read(file: Path, named: str | None = None, *, ignored: Collection[str] = ()) -> Recording:
    """Read a file, in the format named or in the one that fits; raises RecordingError.

    `ignored` are columns that may be left out though nobody knows them.
    """
    opened = open_file(file, named, ignored=ignored)
    return Recording(file=file, format=opened.format, rows=tuple(opened.rows()))


def open_file(file: Path, named: str | None = None, *, ignored: Collection[str] = ()) -> Opened:
    """As `read`, for who takes one row at a time: millions need not be in memory at once."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(BYTES_MAX + 1)
    except OSError as error:
        raise RecordingError(f"{file}: cannot be read: {error.strerror}") from error
    if len(raw) > BYTES_MAX:
        raise RecordingError(f"{file}: is larger than {BYTES_MAX >> 20} MiB; cut it into parts")
    text = _text(raw).replace("\r\n", "\n")
    head = text.split("\n", HEAD_LINES)[:HEAD_LINES]
    format_ = FORMATS[named] if named else detected(head, file)
    if named and not format_.fits(head):
        raise RecordingError(f"{file}: does not look like {named}")
    if (doubt := format_.doubt(table.header(head), ignored)) is not None:
        raise RecordingError(f"{file}:1: {doubt}")
    return Opened(file=file, format=format_, text=text)


def detected(head: Sequence[str], file: Path) -> Format:
    """The first format that fits; raises RecordingError where none does."""
    for format_ in FORMATS.values():
        if format_.fits(head):
            return format_
    raise RecordingError(f"{file}: is in none of the known formats: {', '.join(FORMATS)}")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
