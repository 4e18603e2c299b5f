"""What an auditor would look at in our own log and lines, shown to ourselves first."""
