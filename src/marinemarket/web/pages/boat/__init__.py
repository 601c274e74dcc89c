"""One boat: its page, and what belongs to it."""
