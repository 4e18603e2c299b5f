"""One module per maker: profiles as data, with the few lines of code that a quirk needs."""
