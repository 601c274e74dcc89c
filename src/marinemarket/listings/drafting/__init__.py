"""Adverts in the making: drafts, and the selling form."""
