"""What may be billed, by rules as data: facts, a rule set and a policy in; lines and reasons out.

Pure: no database, no clock. It says *eligible by the configured rules*; a person approves lines.
"""
