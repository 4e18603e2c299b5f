"""Other people's programs on the same work; they run in .venv-peers, never inside the product."""
