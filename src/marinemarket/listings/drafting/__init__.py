"""Adverts in the making: drafts, the selling form, and the measurements typed into it."""
