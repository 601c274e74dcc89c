"""The parts that a market consists of while it runs, and how each of them is."""
