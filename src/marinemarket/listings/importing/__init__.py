"""Adverts in and out of files."""
