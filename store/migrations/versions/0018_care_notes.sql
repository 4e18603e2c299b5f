Calls, messages and notes on a patient's timeline.
