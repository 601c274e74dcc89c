"""Who changed what, and when: written in the same commit as the change."""
