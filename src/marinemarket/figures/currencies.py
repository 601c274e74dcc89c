"""The names of currencies: signs, words, and which of them leave open whose currency is meant."""

from __future__ import annotations

from functools import cache

from babel.numbers import get_territory_currencies, list_currencies

NAMES = {
    # Euros
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "EURI": "EUR", "EURA": "EUR", "ΕΥΡΩ": "EUR", "ΕΥΡΏ": "EUR",
    "ЕВРО": "EUR", "ЄВРО": "EUR",
    # Dollars
    "US$": "USD", "USA$": "USD", "U$": "USD", "$US": "USD", "$USA": "USD", "A$": "AUD", "AU$": "AUD", "AUS$": "AUD",
    "$A": "AUD", "$AU": "AUD", "$AUS": "AUD", "C$": "CAD", "CA$": "CAD", "CAN$": "CAD", "CDN$": "CAD", "$C": "CAD",
    "$CA": "CAD", "$CAN": "CAD", "$CDN": "CAD", "CDN": "CAD", "NZ$": "NZD", "$NZ": "NZD", "S$": "SGD", "SG$": "SGD",
    "SIN$": "SGD", "$SG": "SGD", "HK$": "HKD", "$HK": "HKD", "NT$": "TWD", "MX$": "MXN", "FJ$": "FJD", "J$": "JMD",
    "TT$": "TTD", "BZ$": "BZD", "EC$": "XCD", "B$": "BSD", "BDS$": "BBD", "CI$": "KYD", "R$": "BRL",
    # Pounds
    "£": "GBP", "STERLING": "GBP", "QUID": "GBP", "UKP": "GBP", "STG": "GBP",
    # Crowns of one country
    "DKR": "DKK", "SKR": "SEK", "NKR": "NOK", "IKR": "ISK", "KRONOR": "SEK", "KRONA": "SEK", "KRÓNUR": "ISK",
    "KČ": "CZK", "KC": "CZK", "KORUN": "CZK", "KORUNA": "CZK", "EEK": "EEK",
    # Others
    "FR": "CHF", "SFR": "CHF", "FRS": "CHF", "FRANKEN": "CHF", "STUTZ": "CHF",
    "ZŁ": "PLN", "ZL": "PLN", "ZŁOTYCH": "PLN", "ZLOTY": "PLN", "ZŁOTY": "PLN", "FT": "HUF", "FORINT": "HUF",
    "₺": "TRY", "TL": "TRY", "LIRA": "TRY", "₽": "RUB", "РУБ": "RUB", "RUR": "RUB", "₴": "UAH", "ГРН": "UAH",
    "₹": "INR", "₩": "KRW", "₪": "ILS", "NIS": "ILS", "₫": "VND", "฿": "THB", "BAHT": "THB", "₱": "PHP", "₦": "NGN",
    "₸": "KZT", "₾": "GEL", "₼": "AZN", "₲": "PYG", "RM": "MYR", "RP": "IDR", "KN": "HRK", "KUNA": "HRK",
    "ЛВ": "BGN", "LV": "BGN", "LEVA": "BGN", "LEV": "BGN", "ДИН": "RSD", "DIN": "RSD", "DHS": "AED", "DH": "AED",
    "JP¥": "JPY", "円": "JPY", "YEN": "JPY", "CN¥": "CNY", "RMB": "CNY", "YUAN": "CNY", "元": "CNY", "人民币": "CNY",
}  # fmt: skip
"""What means one currency, in upper case; so do the codes of ISO 4217."""

_OWNERS = {
    "US": "USD", "USA": "USD", "AMERICAN": "USD", "CANADIAN": "CAD", "CANADIENS": "CAD", "AUSTRALIAN": "AUD",
    "AUSSIE": "AUD", "NZ": "NZD", "SINGAPORE": "SGD", "HK": "HKD",
}  # fmt: skip
_CROWN_OWNERS = {
    "SWEDISH": "SEK", "SVENSKA": "SEK", "NORWEGIAN": "NOK", "NORSKE": "NOK", "DANISH": "DKK", "DANSKE": "DKK",
    "ICELANDIC": "ISK", "ÍSLENSKAR": "ISK", "CZECH": "CZK",
}  # fmt: skip
OWNERS = _OWNERS | _CROWN_OWNERS
"""Words beside dollars and crowns that say whose they are."""

_DOLLARS = frozenset(_OWNERS.values())
_CROWNS = frozenset({"SEK", "NOK", "DKK", "ISK"})
_OTHER_DOLLARS = frozenset({
    "ARS", "BBD", "BND", "BZD", "CLP", "COP", "CUP", "DOP", "FJD", "GYD", "JMD", "KYD", "LRD", "MXN", "NAD", "NIO",
    "SBD", "SRD", "TOP", "TTD", "TWD", "UYU", "XCD",
})  # fmt: skip
"""What ``$`` also means at home, where boats are as often priced in US dollars: it stays ambiguous."""

SHARED = {
    "$": _DOLLARS | _OTHER_DOLLARS | {"BMD", "BSD", "PAB", "BRL"},
    "KR": _CROWNS | {"CZK", "EEK"},
    "¥": frozenset({"JPY", "CNY"}),
    "RS": frozenset({"INR", "PKR", "LKR", "MUR", "NPR", "SCR"}),
    "LEI": frozenset({"RON", "MDL"}),
    "R": frozenset({"ZAR"}),
    "PESO": frozenset({"MXN", "ARS", "CLP", "COP", "UYU", "PHP", "DOP", "CUP"}),
}
"""Signs and words that several currencies share."""

WORDS_OF_SHARED = {
    "DOLLAR": "$", "DOLLARS": "$", "BUCKS": "$", "KRONER": "KR", "KRONE": "KR", "CROWNS": "KR", "￥": "¥", "LEU": "LEI",
    "RUPEES": "RS", "RAND": "R", "PESOS": "PESO", "POUND": "£", "POUNDS": "£",
}  # fmt: skip

REMARKS = frozenset({
    # Negotiable, or not
    "VB", "VHB", "VHS", "FP", "NEGOTIABLE", "NEG", "ONO", "OVNO", "OBO", "OIRO", "OIEO", "OR", "NEAREST", "BEST",
    "OFFER", "OFFERS", "FEST", "FESTPREIS", "FIRM", "FIXED", "VERHANDLUNGSBASIS", "VERHANDELBAAR", "NÉGOCIABLE",
    "NEGOCIABLE", "DÉBATTRE", "À", "TRATTABILE", "TRATTABILI", "PRIX", "PRICE", "ASKING", "PREIS", "PREZZO",
    "PRECIO", "PRIJS", "PRIS", "CENA", "GUIDE", "ONLY", "NUR", "APPROX",
    # With or without tax
    "INCL", "INC", "INCLUDING", "INCLUDED", "INKL", "INKLUSIVE", "INCLUSIEF", "INCLUSO", "INCLUSA", "INCLUSE", "INCLUS",
    "INCLUIDO",
    "INCLUIDA", "COMPRIS", "EX", "EXC", "EXCL", "EXCLUDING", "EXKL", "EXKLUSIVE", "EXCLUSIEF", "ESCLUSA", "ESCLUSO",
    "EXCLUIDO", "ZZGL", "PLUS", "WITH", "WITHOUT", "NOT", "NO", "UNPAID", "PAID", "EXEMPT", "NETTO", "BRUTTO", "NET",
    "GROSS", "HORS", "TAXE", "TAXES", "TAX", "DUTY", "VAT", "GST", "HST", "PST", "MWST", "UST", "TVA", "TTC", "HT",
    "HTVA",
    "TVAC", "BTW", "IVA", "MOMS", "MVA", "ALV", "PDV", "DPH", "ÁFA", "KDV", "НДС", "ΦΠΑ", "EU", "UK", "DROITS", "KK",
})  # fmt: skip
"""Words beside a price that do not change it."""

_WITHOUT_CENTS = frozenset({"JPY", "ISK", "KRW", "CLP", "VND"})


def decimals_of(currency: str) -> int:
    """How many decimals the market counts of a currency: two, or none."""
    return 0 if currency in _WITHOUT_CENTS else 2


@cache
def codes() -> frozenset[str]:
    """The codes of ISO 4217, of today and of the past."""
    return frozenset(list_currencies())


@cache
def currency_in(country: str) -> str | None:
    """The currency that people of a country pay with, by its two letters."""
    try:
        tender = get_territory_currencies(country)
    except KeyError:
        return None
    return tender[0] if tender else None


def currency_of_shared(sign: str, country: str | None) -> str | None:
    """Which currency a shared sign means in a country; None if that stays open."""
    if sign == "LEI":
        return "MDL" if country == "MD" else "RON"
    if country is None:
        return None
    own = currency_in(country)
    if sign == "$":
        if own in _OTHER_DOLLARS:
            return None
        return own if own in _DOLLARS else "USD"
    return own if own in SHARED[sign] else None
