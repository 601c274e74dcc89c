"""How often adverts are viewed."""
