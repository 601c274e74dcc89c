"""Mutation testing: would the tests notice if the code were wrong?

A mutant is a module with one small fault put in on purpose. The tests nearest to the module run on
it: if they fail, the mutant is killed; if they pass, it survives, and shows a promise that no test
holds. `docs/mutation.md` keeps the last run's table and what became of each survivor.
"""
