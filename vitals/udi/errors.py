"""What is wrong with a UDI, in words for whoever holds the device in their hand."""


class UdiError(ValueError):
    """It cannot be read; `part` names what of it, in the words of the label."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(f"{part}: {message}")
        self.part = part
        self.message = message
