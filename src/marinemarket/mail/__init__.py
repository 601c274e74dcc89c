"""Outgoing email: rendering, queueing and delivery."""
