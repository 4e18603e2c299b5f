"""Write the generated part of docs/programmes.md: `python -m care docs/programmes.md`."""

import sys
from pathlib import Path

from care.programme_page import MARK, generated

if __name__ == "__main__":
    page = Path(sys.argv[1])
    prose, _, _ = page.read_text(encoding="utf-8").partition(MARK)
    page.write_text(prose + generated(), encoding="utf-8")
