"""Which old encoding a file is in: the one in which its words are words.

Every candidate is judged by the letters it makes of the bytes beyond ASCII: are they letters of one
language, do they stand where letters or signs stand, and is the language one of the file's countries?
Libraries that guess encodings need a page of text. A broker's file may have three such letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

# The letters beyond ASCII of each language: common ones, and those that it borrows.
_LANGUAGES: dict[str, tuple[str, str]] = {
    "bg": ("абвгдежзийклмнопрстуфхцчшщъьюя", "ѝ"),
    "ca": ("àçèéíïòóúü", "ñ·"),
    "cs": ("áčďéěíňóřšťúůýž", "öüä"),
    "da": ("æøå", "éöäü"),
    "de": ("äöüß", "éèàáôêøåñç"),
    "el": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ", "ϊϋΐΰ"),
    "es": ("áéíóúñ", "üçàèê"),
    "et": ("äöõü", "šžé"),
    "fi": ("äö", "åšžéü"),
    "fr": ("éèàçêâîôû", "ùëïœÿüæñóáíö"),
    "hr": ("čćđšž", "éöüá"),
    "hu": ("áéíóöőúüű", "äâ"),
    "is": ("áðéíóúýþæö", ""),
    "it": ("àèéìòù", "óíîêôáñç"),
    "lt": ("ąčęėįšųūž", "óéł"),
    "lv": ("āčēģīķļņšūž", "ōŗé"),
    "nl": ("éëïèöüó", "áêäçàôúíûñ"),
    "no": ("æøå", "éòôöäü"),
    "pl": ("ąćęłńóśźż", "éöüäá"),
    "pt": ("ãõáéíóúâêôç", "àüñ"),
    "ro": ("ăâîşţșț", "éöüáó"),
    "ru": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "і"),
    "sk": ("áčďéíľňóôšťúýž", "äĺŕöüě"),
    "sr": ("абвгдђежзијклљмнњопрстћуфхцчџш", ""),
    "sv": ("åäö", "éüæøáà"),
    "tr": ("çğıöşü", "âîûé"),
    "uk": ("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "ыэъё"),
    "he": ("אבגדהוזחטיכךלמםנןסעפףצץקרשת", ""),
    "ar": ("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآءئؤ", "پچژگکیًٌٍَُِّْـ"),
    "th": ("".join(map(chr, (*range(0xE01, 0xE3B), *range(0xE40, 0xE4F)))), ""),
}  # fmt: skip
_SPOKEN_IN = {
    "BG": "bg", "ES": "es ca", "CZ": "cs sk", "DK": "da", "DE": "de", "AT": "de", "CH": "de fr it", "GR": "el",
    "EE": "et", "FI": "fi sv", "FR": "fr", "BE": "fr nl", "HR": "hr", "SI": "hr", "RS": "sr hr", "ME": "hr sr",
    "BA": "hr sr", "HU": "hu", "IS": "is", "IT": "it", "LT": "lt", "LV": "lv", "NL": "nl", "NO": "no", "PL": "pl",
    "PT": "pt", "BR": "pt", "RO": "ro", "MD": "ro ru", "RU": "ru", "SK": "sk cs", "SE": "sv", "TR": "tr", "UA": "uk ru",
    "IL": "he", "TH": "th", "EG": "ar", "AE": "ar", "SA": "ar", "MA": "ar fr", "MX": "es", "AR": "es", "CL": "es",
    "CA": "fr", "MC": "fr", "LU": "fr de", "CY": "el tr", "BY": "ru", "KZ": "ru", "MK": "bg sr", "PF": "fr",
}  # fmt: skip
# How unlikely each encoding is before any letter is seen.
CANDIDATES: dict[str, float] = {
    "cp1252": 0.0, "cp1250": 1.0, "cp1251": 1.0, "cp1253": 1.5, "cp1254": 1.5, "mac-roman": 1.5, "iso8859-2": 1.5,
    "cp850": 2.0, "cp1257": 2.0, "cp1255": 2.0, "cp1256": 2.0, "cp874": 2.0, "iso8859-7": 2.0, "iso8859-15": 2.0,
    "cp852": 2.5, "cp866": 2.5, "cp437": 2.5, "koi8-r": 2.5, "koi8-u": 2.75, "iso8859-5": 3.0, "mac-latin2": 3.0,
    "mac-cyrillic": 3.0, "iso8859-9": 2.5, "mac-greek": 3.5, "mac-turkish": 3.5, "cp857": 3.5, "iso8859-13": 3.0,
    "mac-croatian": 4.0, "mac-romanian": 4.0,
}  # fmt: skip
_COMMON, _RARE, _FOREIGN, _NO_LETTER = 0.5, 2.5, 5.0, 8.0
_OF_THE_COUNTRY = 3.0
_ENOUGH = 2.0
"""How much likelier the best must be than any other that reads differently."""
_MOST_WORDS = 500
_NO_WORDS = 1.8
"""What each letter may cost, on average, before they make no words at all."""
_VOWELS = frozenset("aeiouyаеиоуыэюяёіїєαεηιουωæøœıъ")
_SIGNS = frozenset("€£°’‘“”„«»–—½¼¾²³·…™®©ºª¿¡•±×§´‚‹›\xa0\xad")
_GREEK_ENDS_OTHERWISE = re.compile(r"[βγδζθκλμξπστφχψ]$|ς.")
_WORD = re.compile(rb"[^\x00-\x20;,\t|\"]+")
_COUNTRY = re.compile(rb"(?:^|[;,\t|\"\s])([A-Z]{2})(?=[;,\t|\"\s]|$)")


class Likely(NamedTuple):
    """An encoding, how unlikely it is, and how the file's words read in it."""

    codec: str
    cost: float
    words: tuple[str, ...]

    @property
    def makes_no_words(self) -> bool:
        letters = sum(1 for word in self.words for letter in word if letter > "\x7f")
        return self.cost > 3 + _NO_WORDS * letters


def likely_encodings(data: bytes) -> list[Likely]:
    """The encodings in which the words of some bytes may be, the likeliest first.

    There is one if it is clear which, and several if they read differently and are nearly as likely.
    """
    tokens = _tokens(data)
    spoken = {
        language
        for code, _times in Counter(_COUNTRY.findall(data)).most_common(8)
        for language in _SPOKEN_IN.get(code.decode(), "").split()
    }
    judged = [found for codec in CANDIDATES if (found := _judged(codec, tokens, spoken))]
    judged.sort(key=lambda one: one.cost)
    distinct: list[Likely] = []
    for one in judged:
        if one.cost >= judged[0].cost + _ENOUGH:
            break
        if all(one.words != other.words for other in distinct):
            distinct.append(one)
    return distinct


def _tokens(data: bytes) -> list[bytes]:
    found = Counter(one for one in _WORD.findall(data) if not one.isascii())
    return [token for token, _times in found.most_common(_MOST_WORDS)]


def _judged(codec: str, tokens: Iterable[bytes], spoken: set[str]) -> Likely | None:
    try:
        words = tuple(token.decode(codec) for token in tokens)
    except UnicodeDecodeError:
        return None
    cost = CANDIDATES[codec] + sum(map(_misplaced, words))
    letters = Counter(
        letter
        for word in words
        for letter in word.lower()
        if letter > "\x7f" and letter not in _SIGNS
    )
    if letters:
        cost += min(
            sum(times * _of_letter(letter, language) for letter, times in letters.items())
            - (_OF_THE_COUNTRY if language in spoken else 0.0)
            for language in _LANGUAGES
        )
    return Likely(codec, cost, words)


def _of_letter(letter: str, language: str) -> float:
    common, rare = _LANGUAGES[language]
    if letter in common:
        return _COMMON
    if letter in rare:
        return _RARE
    return _FOREIGN if letter in _ALL_LETTERS else _NO_LETTER


_ALL_LETTERS = frozenset("".join(common for common, _rare in _LANGUAGES.values()))


def _misplaced(word: str) -> float:
    """How strange it is where the letters and signs beyond ASCII stand in a word."""
    cost = 0.0
    for position, sign in enumerate(word):
        if sign <= "\x7f":
            continue
        before = word[position - 1] if position else ""
        after = word[position + 1 : position + 2]
        if sign in _SIGNS:
            cost += _of_sign(sign, before, after)
        elif sign.isalpha():
            if sign.isupper() and before.islower():
                cost += 5
            elif sign.isupper() and before.isupper() and after.islower():
                cost += 3
            elif sign.islower() and before.isupper() and after.isupper():
                cost += 4
            if before.isdigit() or after.isdigit():
                cost += 2
        elif not unicodedata.category(sign).startswith("M") or not before:
            # A mark needs a letter that it stands on.
            cost += _NO_LETTER
    return cost + _crowded(word)


def _of_sign(sign: str, before: str, after: str) -> float:
    if before.isalpha() and after.isalpha():
        return 1.0 if sign in "’´·‘\xad" else 7.0
    if sign in "–—" and (before.isalpha() or after.isalpha()):
        return 4.0
    if sign in "²³½¼¾°ºª±×" and before.isalpha() and before not in "mMnNCFft":
        return 5.0
    if sign in "²³½¼¾ºª±°" and after.islower():
        return 5.0
    if (sign in "¿¡„«“‚‹" and before.isalnum()) or (sign in "®©™»”…" and after.isalpha()):
        return 5.0
    return 1.0


def _is_latin(letter: str) -> bool:
    return letter <= "\u024f"


def _crowded(word: str) -> float:
    """Letters beyond ASCII among those of another alphabet, too many consonants, or too many vowels."""
    cost = 0.0
    for run in re.findall(r"[^\W\d_]+", word):
        if run.isascii():
            continue
        if len({_is_latin(letter) for letter in run}) > 1:
            cost += _NO_LETTER
        bare = [unicodedata.normalize("NFD", letter)[0] for letter in run.lower()]
        shape = "".join("v" if letter in _VOWELS else "c" for letter in bare)
        for part in re.finditer(r"c{3,}|v{3,}", shape):
            if not run[part.start() : part.end()].isascii():
                cost += 1.0 if part.end() - part.start() == 3 else 2.5
        if _GREEK_ENDS_OTHERWISE.search(run.lower()):
            cost += 2.0
        if len(run) > 2 and "v" not in shape:
            cost += 2.0
        elif len(run) > 3 and shape.count("v") * 4 <= len(run) and "А" <= run[-1] <= "я":
            cost += 1.0
    return cost
