"""How often adverts are looked at."""
