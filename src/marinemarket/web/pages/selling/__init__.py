"""Selling pages, from the first draft to the sale."""
