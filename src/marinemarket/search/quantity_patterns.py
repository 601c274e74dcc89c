"""How numbers, units, money and comparisons look in a query, as parts of patterns in lower case.

They only find where a figure begins and ends; `marinemarket.figures` reads it.
"""

from __future__ import annotations

PART = r"(?:[½¼¾⅓⅔⅛⅜⅝⅞]|[ -]?[½¼¾⅓⅔⅛⅜⅝⅞]|[ -]\d{1,2}[/⁄]\d{1,2})"
_INDIAN = r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
NUMBER = (
    rf"(?:{_INDIAN}|\d{{1,3}}(?:[.,' ]\d{{3}})+(?![\d])|\d{{1,9}}(?:[.,]\d{{1,2}}(?!\d)|{PART})?)"
)
CURRENCY = (
    r"(?:(?:us|c|ca|a|au|nz|s|hk|r|mx)?\$|[€£¥￥₹₩₪₺₽฿₱]|(?:usd|eur|euros?|gbp|cad|aud|nzd|sgd|hkd|chf|sek|nok|dkk|isk|pln|"
    r"czk|huf|ron|jpy|cny|inr|krw|ils|thb|php|zar|brl|mxn)\b)"
)
MONEY = (
    rf"(?:{CURRENCY}|dollars?\b|pounds?\b|bucks\b|yen\b|yuan\b|rupees\b|z[łl]oty\b|zł|kč|kronor\b|kroner\b|kr\b|"
    r"円|元)"
)
MANY_ELSEWHERE = r"(?:lakhs?\b|crores?\b|万)"
MANY = rf"(?:k\b|tsd\b|thousand\b|grand\b|mio\b|mill(?:ion)?s?\b|mln\b|m\b|{MANY_ELSEWHERE})"
FEET = r"(?:ft\b\.?|feet\b|foot\b|footer\b|pieds?\b|piedi\b|fuß\b|fuss\b|fot\b|voet\b|['′’])"
INCHES = r"(?:inch(?:es)?\b|ins?\b\.?|''|[\"″”]|zoll\b|pouces?\b)"
# A lone "in" is a word: only at the end of what is said are there inches meant.
INCHES_ALONE = (
    r"(?:inch(?:es)?\b|in\b\.?(?=\s*(?:$|[,;)]|or\b|and\b|max))|''|[\"″”]|zoll\b|pouces?\b)"
)
METRES = r"(?:m\b|mtrs?\b|m[eèé]t(?:er|re)s?\b|metri\b|metros?\b)"
SMALL = r"(?:cms?\b|centimet(?:er|re)s?\b|mm\b)"
LENGTH = rf"(?:{FEET}|{METRES}|{SMALL}|{INCHES_ALONE})"
MOST = (
    r"(?:(?<!not )(?<!no )(?:under|below|less than|cheaper than)|sub|up to|upto|max(?:imum)?\.?|at most|"
    r"no more than|not over|not above|not more than|no longer than|within|[<‹]=?|≤|=<|≦)"
)
LEAST = (
    r"(?:(?<!not )(?<!no )(?:over|above|more than)|at least|min(?:imum)?\.?|starting at|from|not under|not below|"
    r"not less than|no less than|[>›]=?|≥|≧)"
)
SHORTER, LONGER = (
    r"(?<!not )(?<!no )(?:shorter than|smaller than)",
    r"(?<!not )(?<!no )(?:longer than|bigger than|larger than)",
)
OR_LESS = r"(?:(?:or|and)\s(?:less|under|below|shorter|smaller|lower)|max(?:imum)?\.?(?!\w))"
OR_MORE = (
    r"(?:\+|(?:or|and)\s(?:more|over|above|longer|bigger|larger|up)|plus\b|min(?:imum)?\.?(?!\w))"
)
TO = r"\s?(?:-|–|—|to|and|until|till|bis)\s?"
TO_AFTER_ONE = r"\s?(?:-|–|—|to|until|till|bis)\s?"
"""Of "beam 8 ft and 40 ft long", the second is another figure."""
YEAR = r"(?P<{0}>(?:19|20)\d\d)\b(?!\s?(?:ft|feet|foot|'|m\b|k\b|h\b|hours?|hrs?))"
SIZED = r"(?P<what>air\s?draf?t|air draught|bridge clearance|draft|draught|beam|width|length|loa)"
OTHERS = (
    r"(?:lbs?|kgs?|kilos?|kilograms?|tons?|tonnes?|t|gal|gallons?|l|lit(?:er|re)s?|knots?|kts?|kn|mph|km/h|"
    r"volts?|amps?|ah|watts?|w)"
)
"""Units of what no filter counts: a bound in them is neither a price nor a length."""


def power(name: str, *, is_open: bool = False) -> str:
    unit = rf"(?:[-\s]?(?P<{name}_unit>{POWER})\b)"
    return rf"(?P<{name}>{NUMBER}{unit}{'?' if is_open else ''})"


def amount_of_money(name: str) -> str:
    digits = rf"{NUMBER}(?!\s?(?:{OTHERS}|km|nm|mi|miles?|{POWER}|{HOURS}|{FEET}|{SMALL})(?!\w))"
    return (
        rf"(?P<{name}>(?:{CURRENCY}\s?)?{digits}(?:[.,:]-{{1,2}}|/-)?(?:\s?{MANY})?(?:\s?{MONEY})?)"
    )


def size(name: str, *, is_open: bool = False) -> str:
    """A length with its unit; one that `is_open` may lack it, where words beside it say what it is."""
    inches = rf"[\s,-]{{0,2}}\d{{1,2}}(?:[.,]\d|{PART})?\s?{INCHES}|(?<=['′’])\d{{1,2}}(?![\d\w.,])"
    both = rf"\d{{1,3}}\s?{FEET}(?:{inches})"
    unit = rf"(?:(?:-|\s)?(?P<{name}_unit>{LENGTH}))"
    return rf"(?P<{name}>{both}|{NUMBER}{unit}{'?' if is_open else ''})"


POWER = r"(?:[bs]?hp|horse\s?powers?|horses|ps|ch|cv|hk|kw|kilowatts?)"
HOURS = r"(?:hours?|hrs?|h)"
HORSEPOWER, OTHER_HORSEPOWER, OPEN_HORSEPOWER = power("a"), power("b"), power("a", is_open=True)
SIZE, OTHER_SIZE, OPEN_SIZE = size("a"), size("b"), size("a", is_open=True)
WHOLE = rf"(?P<a>{NUMBER})"
PRICED = r"(?P<priced>price[ds]?|asking|budget)(?:\s(?:is|of|at))?\s?:?\s?"
YEAR_ALONE = rf"{YEAR.format('a')}(?!\s?(?:{OTHERS}|{POWER}|{HOURS}|{MONEY}|{MANY}|km|nm|mi|miles?|rpm)(?!\w))"
"""A year that nothing beside it makes something else."""
NO_OTHER_FIGURE = "".join(
    rf"(?<!{what} )"
    for what in ("price", "asking", "budget", "hours", "power", "hp", "weight", "displacement")
)
