Timers of care, and the time log.
