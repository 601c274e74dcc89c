"""Request security: access, rate limits, headers, cookies and bodies."""
