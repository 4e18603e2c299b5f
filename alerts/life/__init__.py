"""An alert from its opening to its end: states, events, ladders, rows and actions."""
