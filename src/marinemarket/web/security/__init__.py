"""What every request passes first, and who may do what: access, limits, headers, cookies, bodies."""
