"""Selling a boat on pages: from the first word to the day she is sold."""
