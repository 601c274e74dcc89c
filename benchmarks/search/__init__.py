"""Search at the size of a country, side by side with OpenSearch and PostgreSQL."""
