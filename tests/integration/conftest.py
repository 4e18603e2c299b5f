"""What the slower tests share."""

import gc


def pytest_collection_finish() -> None:
    # What is imported by now stays: nothing of it need be looked through again and again.
    gc.collect()
    gc.freeze()
