"""A demonstration market: believable adverts of boats that do not exist, and their sellers."""
