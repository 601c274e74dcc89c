"""Running a market: the processes, their worker, and the same work in AWS Lambda."""
