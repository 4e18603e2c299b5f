"""Messages that leave the house: one outbox, one module for each channel."""
