"""The demonstration's sellers: fictitious private people and brokers."""

from __future__ import annotations

SELLERS = (
    "Anna Lindqvist", "Bay & Sound Yacht Brokers", "Carlos Mendes", "Dora Whitcomb", "Evan Marsh",
    "Fairlead Yacht Sales", "Greta Holm", "Harbor Light Brokerage", "Ines Carvalho",
    "Jack Tolliver", "Kai Nakamura", "Lee Shore Marine", "Marta Vidal", "Ned Pruitt", "Olive Branagh",
    "Port Tack Yachts", "Quinn Asher", "Rosa Bellini", "Spring Line Boats", "Tom Averill",
    "Ulla Brandt", "Viktor Hess", "Windward Brokerage", "Yusuf Demir", "Zoe Papadaki",
)  # fmt: skip

BROKERS = frozenset(name for name in SELLERS if name.split()[0] in {
    "Bay", "Fairlead", "Harbor", "Lee", "Port", "Spring", "Windward",
})  # fmt: skip
