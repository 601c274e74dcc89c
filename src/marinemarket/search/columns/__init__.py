"""The in-process search index: columns of numbers and posting lists, searched with NumPy.

An index consists of a few *segments*: immutable, memory-mapped files, so that all processes of a
machine share one copy in memory. Removed rows are marked in separate files.
"""
