"""How things read on a page: language, units, labels, figures and pictures."""
