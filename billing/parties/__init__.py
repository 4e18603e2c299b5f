"""Who bills, who pays, and what for: entered by people before any month is run."""
