"""The search index on OpenSearch: the same questions, asked over HTTP of one or many machines."""
