"""The archive: base copies and every change between them, restorable to any moment."""
