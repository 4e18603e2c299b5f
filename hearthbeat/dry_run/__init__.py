"""`hearthbeat alerts dry-run`: readings from files or from a database, to a plan that is tried."""
