"""The templates: escaped by default, and strict, so that a name that is not there is an error."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from console.web import assets, formats

FILTERS: Final = {
    "ago": formats.ago,
    "born": formats.born,
    # Jinja's own makes "mrn" of "MRN".
    "capitalize": formats.capitalised,
    "clock_time": formats.clock_time,
    "counted": formats.counted,
    "zip_code": formats.zip_code,
    "day": formats.day,
    "familiar_time": formats.familiar_time,
    "instant": formats.instant,
    "long_day": formats.long_day,
    "minutes_and_seconds": formats.minutes_and_seconds,
    "near": formats.near,
    "programme_name": formats.programme_name,
    "since": formats.since,
    "span": formats.span,
    "weekday_and_day": formats.weekday_and_day,
}


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.globals.update(asset=assets.address)
    return made
