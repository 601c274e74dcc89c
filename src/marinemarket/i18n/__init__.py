"""The site's language: its texts, and how numbers, sums and dates are written in it."""
