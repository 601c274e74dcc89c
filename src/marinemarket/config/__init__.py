"""The settings, among them the market's own rules, and how their values are parsed."""
