"""What sellers see of their boats together, and do to many of them at once."""
