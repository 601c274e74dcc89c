"""Photos and videos of adverts: adding, ordering and removing them, and cleaning up their files."""
