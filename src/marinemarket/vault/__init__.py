"""Secrets at rest, encrypted under a master key from the settings or in AWS KMS."""
