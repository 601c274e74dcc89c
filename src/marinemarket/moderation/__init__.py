"""Moderation: rules that check adverts, reports by visitors, and the people who decide."""
