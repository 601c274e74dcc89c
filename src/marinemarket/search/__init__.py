"""Finding boats: what may be asked, what an index holds, and who keeps it in step with the store."""
