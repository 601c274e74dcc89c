"""The search index on OpenSearch: the same queries, sent over HTTP to one or more machines."""
