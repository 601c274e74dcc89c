"""Photos and videos: processing them, storing their files, and drawing boats without photos."""
