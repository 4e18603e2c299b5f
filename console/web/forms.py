"""What a person typed into a form of ours: sized, decoded, and given back when it is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web
from typing_extensions import override

from console.bodies import raw_of
from console.errors import BadRequest

FORM: Final = "application/x-www-form-urlencoded"
BYTES_MAX: Final = 64 * 1024
FIELDS_MAX: Final = 400
AS_TYPED: Final = frozenset({"password", "old_password", "new_password"})
"""Space around these is part of them."""


@dataclass(frozen=True, slots=True)
class Form(Mapping[str, str]):
    """Fields by name, without space around them but for passwords; the last of several. `all`
    gives every one.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    @override
    def __getitem__(self, name: str) -> str:
        for key, value in reversed(self.pairs):
            if key == name:
                return value
        raise KeyError(name)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.pairs))

    @override
    def __len__(self) -> int:
        return len(dict(self.pairs))

    def text(self, name: str) -> str:
        """Empty where it was not sent."""
        return self.get(name, "")

    def given(self, name: str) -> str | None:
        """None where it was not sent, or left empty."""
        return self.get(name) or None

    def ticked(self, name: str) -> bool:
        return name in self

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]


KEPT: Final = web.RequestKey("form", Form)


async def form_of(request: web.Request) -> Form:
    """The form that was sent; raises BadRequest for what none of ours sends."""
    known: Form | None = request.get(KEPT)
    if known is not None:
        return known
    if request.content_type != FORM:
        raise BadRequest("this page takes forms")
    payload = await raw_of(request, bytes_max=BYTES_MAX)
    try:
        pairs = parse_qsl(
            payload.decode(),
            keep_blank_values=True,
            strict_parsing=bool(payload),
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError as error:
        raise BadRequest("the form cannot be read") from error
    if any("\x00" in part for pair in pairs for part in pair):
        raise BadRequest("the form holds a character that cannot be stored")
    form = Form(tuple((name, _kept(name, value)) for name, value in pairs))
    request[KEPT] = form
    return form


def _kept(name: str, value: str) -> str:
    return value if name in AS_TYPED else value.strip().replace("\r\n", "\n")
