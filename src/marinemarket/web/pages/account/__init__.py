"""The pages of accounts: signing in, and everything about oneself."""
