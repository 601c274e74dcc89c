"""What the package holds beside its code, made when it is built or a checkout is set up.

Each module reads a large library and writes the little of it that a market needs. None of this is in
the wheel, and none of the libraries is needed to run a market.
"""
