"""Saved searches: what people look for time and again, and being told of boats that fit."""
