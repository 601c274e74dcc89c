"""From a new advert to a sold boat: creation, editing, publication, and asking whether it is still for sale."""
