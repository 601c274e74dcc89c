"""Account pages: signing in, and the member's own data."""
