"""Secrets at rest, sealed under a master key from the settings or in Amazon's KMS."""
