"""Messages: a buyer asks, the seller answers, and neither learns the other's address."""
