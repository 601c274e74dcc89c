"""Conversations between buyers and sellers, with an account or without."""
