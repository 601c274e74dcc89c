"""The pages of the site. Each declares, in one class, all that its template may use."""
