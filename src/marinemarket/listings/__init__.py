"""Adverts for boats: what one is, what it costs, how it comes in and goes out."""
