"""Watchlists: the boats that somebody keeps an eye on, and what became of them since."""
