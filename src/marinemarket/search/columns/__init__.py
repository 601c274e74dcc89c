"""The search index in process: columns of figures and lists of postings, looked through by NumPy.

An index is a few *segments*, each a file that never changes and is read where it lies, so that
all processes of a machine share one copy in memory. What was taken out is marked beside them.
"""
