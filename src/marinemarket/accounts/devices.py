"""A browser's description of itself, in words that its owner recognises."""

from __future__ import annotations

# In this order: each later browser is also named by the ones before it.
_PROGRAMS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
_LONGEST = 60


def device_name(user_agent: str) -> str:
    """Such as “Safari on iPhone”; an unknown user agent is shortened to 60 characters."""
    program = next((name for sign, name in _PROGRAMS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if program and system:
        return f"{program} on {system}"
    return user_agent[:_LONGEST]
