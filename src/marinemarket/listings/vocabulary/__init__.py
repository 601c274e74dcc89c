"""The words of adverts in one spelling: boat types, manufacturers, countries and states."""
