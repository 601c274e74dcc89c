"""What each domain declares about the personal data it keeps, and how to erase and export it.

Nothing here refers to a particular table: each domain's `personal_data.py` names its own, and
`composition` lists the domains.
"""
