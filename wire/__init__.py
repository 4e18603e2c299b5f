"""What crosses from home to clinic: message schema v1, topics, and the two ends of the line."""
