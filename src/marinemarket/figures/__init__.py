"""Figures as people write them: numbers, money, lengths, weights, power and what else has a unit.

Every form, address, file and search stands on these readers, so that one text means the same
everywhere. Each raises ValueError with words that say what to write instead, and Ambiguous where
a text has two sensible meanings.
"""
