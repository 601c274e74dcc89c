"""What must hold when processes are killed or fight, disks fill up, and markets are restored."""


class Skipped(Exception):
    """A drill lacks what it needs here; the message says what."""
