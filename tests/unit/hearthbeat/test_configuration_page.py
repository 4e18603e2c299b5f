"""docs/configuration.md is generated; `HB_TEST_WRITE_GOLDEN=1` writes it anew."""

import os
from pathlib import Path

from hearthbeat.settings_shown import as_markdown

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"
BEGIN, END = "<!-- settings: begin -->\n", "<!-- settings: end -->\n"


def test_the_page_lists_the_settings_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    listed, _, tail = rest.partition(END)
    if os.environ.get("HB_TEST_WRITE_GOLDEN"):  # noqa: TID251
        PAGE.write_text(head + BEGIN + as_markdown() + END + tail, encoding="utf-8")
    assert listed == as_markdown()
