"""What a domain tells of the personal data that it keeps, and the means to erase and to export it.

Nothing here knows a table: each domain's `personal_data.py` names its own, and the composition lists
the domains.
"""
