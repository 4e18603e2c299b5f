"""One module per row of the table; each gives `measure(...) -> list[Row]`."""
