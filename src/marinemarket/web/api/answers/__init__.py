"""What the API answers, described: the schemas of OpenAPI are made from these models.

A test holds every answer of the API's tests against its schema, which allows no other fields.
"""
