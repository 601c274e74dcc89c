"""Work over many things, done by the worker in small steps, each a commit of its own."""
