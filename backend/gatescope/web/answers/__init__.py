"""The bodies of answers, and their bytes."""
