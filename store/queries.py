"""SQL that lives in `.sql` files: named there by `-- name --` headers, typed as literals here."""

import re
from importlib.resources import files
from typing import Final, LiteralString, cast

HEADER: Final = re.compile(r"^-- ([a-z0-9_ ]+) --$", re.MULTILINE)


def load(package: str, file: str) -> dict[str, LiteralString]:
    """The statements of `package`'s `sql/file`, by name, in the order of the file.

    Text that ships with the program is as literal as text in it; the type keeps everything that
    is put together at run time out of `execute`.
    """
    text = files(package).joinpath("sql", file).read_text(encoding="utf-8")
    return split(text)


def split(text: str) -> dict[str, LiteralString]:
    """Statements by name; what stands before the first header is a remark on the file."""
    _, *parts = HEADER.split(text)
    names, bodies = parts[0::2], parts[1::2]
    if len(set(names)) != len(names):
        raise ValueError(f"a name is used twice: {sorted(names)}")
    return {
        name: cast("LiteralString", body.strip()) for name, body in zip(names, bodies, strict=True)
    }
