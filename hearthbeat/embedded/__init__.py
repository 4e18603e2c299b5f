"""Parts that `hearthbeat up` runs for those who have none: a database and a broker."""
