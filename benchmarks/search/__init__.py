"""Search with a whole country's boats, compared with OpenSearch and PostgreSQL."""
