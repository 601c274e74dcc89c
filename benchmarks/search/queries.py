"""The benchmark's queries, by kind."""

from __future__ import annotations

from marinemarket.search.filters import Search

QUESTIONS: dict[str, Search] = {
    "everything": Search(),
    "everything, by price": Search.parse({"sort": "price"}),
    "filter": Search.parse(
        {"boatType": ["sailboat", "catamaran"], "priceRange": {"min": 2_000_000, "max": 9_000_000}}
    ),
    "filter, choosy": Search.parse(
        {
            "boatType": ["trawler"], "location": {"state": "MD"}, "yearRange": {"min": 2015},
            "lengthRange": {"min": 30, "max": 36}, "features": ["Bow thruster"],
        }
    ),
    "radius": Search.parse(
        {"location": {"coordinates": {"lat": 38.98, "lon": -76.49}, "radius": 100}}
    ),
    "radius, by distance": Search.parse(
        {
            "location": {"coordinates": {"lat": 38.98, "lon": -76.49}, "radius": 50}, "sort": "distance",
            "priceRange": {"max": 9_000_000},
        }
    ),
    "box": Search.parse(
        {"location": {"box": {"south": 36, "west": -78, "north": 40, "east": -74}}}
    ),
    "maker": Search(query="Bayliner"),
    "maker and model": Search(query="searay explorer 32"),
    "slip": Search(query="bayilner cruiser"),
    "words": Search(query="refitted sailing autopilot"),
    "common word": Search(query="refitted"),
    "words and filters": Search.parse(
        {"query": "stormhawk radar", "priceRange": {"max": 9_000_000}, "fuel": ["diesel"]}
    ),
}  # fmt: skip
