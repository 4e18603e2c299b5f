"""What can go wrong in the console; most of it is told to the caller as a problem.

ConsoleError
└── Problem               told as `application/problem+json`
    ├── BadRequest        400  the body or a parameter can't be read
    ├── Unauthenticated   401  nobody is signed in
    ├── Forbidden         403  signed in, and this is not for that role
    ├── NotFound          404  no such thing in this organisation, whatever others have
    ├── TooSlow           408  the body did not come
    ├── Conflict          409  it contradicts what is there
    ├── TooLarge          413  the body is over the cap
    ├── Unprocessable     422  readable, and breaks a rule
    ├── TooManyRequests   429  wait as long as Retry-After says
    └── Unavailable       503  the database is away: the same request will do later
"""

from typing import ClassVar


class ConsoleError(Exception):
    """The console could not do what was asked."""


class Problem(ConsoleError):  # noqa: N818 (the tree above is the naming)
    """Something that the caller is told about. `detail` is plain words without personal data."""

    status: ClassVar[int] = 500

    def __init__(
        self, detail: str = "", *, pointer: str | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer
        self.retry_after_s = retry_after_s


class BadRequest(Problem):
    status = 400


class Unauthenticated(Problem):
    status = 401


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class TooSlow(Problem):
    status = 408


class Conflict(Problem):
    status = 409


class TooLarge(Problem):
    status = 413


class Unprocessable(Problem):
    status = 422


class TooManyRequests(Problem):
    status = 429


class Unavailable(Problem):
    status = 503
