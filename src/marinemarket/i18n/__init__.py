"""The site's language: its texts, and how it writes numbers, sums and dates."""
