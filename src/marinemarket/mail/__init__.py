"""Mail: what the market writes to people, kept until it is sent."""
