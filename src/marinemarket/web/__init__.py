"""The web site and the API, two interfaces to the same functions."""
