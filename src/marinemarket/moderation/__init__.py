"""Moderation: rules that read adverts, reports of visitors, and the people who decide."""
