"""The one file that a browser is given: a workbook as it is, everything else as a ZIP."""

import datetime as dt
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from billing.exports import manifest as manifests
from billing.exports.manifest import FileKind, Manifest, named

CONTENT_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
LEVEL: Final = 6
EPOCH: Final = 1980
"""Before it, a ZIP knows no time."""


def packed(work: Path, manifest: Manifest) -> Path:
    """In `work`, of files in `work`: the same files at the same time are the same bytes."""
    if manifest.kind is FileKind.XLSX:
        return work / manifest.files[0].name
    draft = manifest.state == "DRAFT"
    target = work / named(f"hearthbeat-{manifest.month}-{manifest.kind}", "zip", draft=draft)
    names = (*(file.name for file in manifest.files), manifests.NAME)
    at = manifest.made_at.astimezone(ZoneInfo(manifest.zone))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        _put(archive, (work / name for name in names), at)
    return target


def content_type(name: str) -> str:
    return CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")


def _put(archive: zipfile.ZipFile, files: Iterable[Path], at: dt.datetime) -> None:
    stamp = (max(at.year, EPOCH), at.month, at.day, at.hour, at.minute, at.second)
    for file in files:
        entry = zipfile.ZipInfo(file.name, stamp)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with file.open("rb") as source, archive.open(entry, "w") as sink:
            while piece := source.read(1 << 20):
                sink.write(piece)
