"""The site and the API: two doors to the same functions."""
