"""A broker's own columns: which of our fields each one holds, proposed, corrected and remembered."""
