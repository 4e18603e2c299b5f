"""`python -m hearthbeat`: as the console script."""

from hearthbeat.cli import main

main()
