"""A demonstration market: realistic adverts of fictitious boats, and their sellers."""
