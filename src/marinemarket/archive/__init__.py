"""The archive: base copies and every change between them, from which any moment can be restored."""
