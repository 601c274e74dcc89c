"""The pages of the site. Each has one class that says all its template may use."""
