"""What an operator may set: settings, the market's own rules, and how their values are read."""
