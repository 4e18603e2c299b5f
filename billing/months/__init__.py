"""A practice's month: evaluated, reviewed, locked, and followed until every line is settled."""
