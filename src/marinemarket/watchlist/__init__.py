"""Watchlists: the boats that somebody keeps an eye on, and what has become of them."""
