"""What must hold when processes are killed or compete, disks fill up, and markets are restored."""


class Skipped(Exception):
    """A drill lacks something it needs on this machine; the message says what."""
