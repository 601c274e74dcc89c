"""Pictures: those we draw ourselves."""
