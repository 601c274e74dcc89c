"""Presentation: language, units, labels, figures and pictures."""
