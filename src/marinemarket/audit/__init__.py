"""Who changed what, and when: recorded in the same commit as the change."""
