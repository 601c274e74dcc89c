"""Signatures at the end of a reply, and the lines by which mail programs advertise themselves there.

A line of dashes can also part one paragraph from the next, and a sentence can begin like such an
advertisement. So what follows decides: a signature is short, stands last, and says who or where its
writer is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ..text import fold

_DELIMITER = re.compile(r"(?:--|—|––|- -) ?")
_STANDARD = "-- "
_MOST_LINES, _LONGEST_LINE, _LONGEST_READ = 12, 100, 300
_CONTACT = re.compile(
    r"@\w|https?://|www\.|\+\d[\d ()./-]{6,}|\(?\d{2,5}\)?[ ./-]\d{2,4}[ .-]?\d{2,}"
    r"|^\s*(?:tel|phone|mobile?|cell|fax|handy|tlf|gsm|puh|mob|email|e-mail|web|skype|whatsapp)\b\s?[.:]",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:\S+\s+){5,}\S*[.!?…]$|[.!?]\s+\S+\s+\S+")
_FEW_WORDS = 6
_ENDS = (".", "!", "?")

_APP = (
    r"outlook|hotmail|yahoo|aol|gmx|web\.de|freenet|t-online|telekom|proton\w*|tutanota|tuta|gmail|fairemail|k-9|spark"
    r"|thunderbird|mailbird|bluemail|typeapp|shortwave|mailbox|mail\.ru|яндекс\S*"
    r"|application mail|mail[ -]app|mobilen? mail"
)
_DEVICE = (
    rf"{_APP}|i-?phon[\w'’]*|i-?pad[\w'’]*|i-?os|i-?pod|apple|android\w*|samsung|galaxy|huawei|xiaomi|redmi|oppo|oneplus|honor"
    r"|motorola|nokia|sony|xperia|pixel|lumia|blackberry|windows"
)
# These are also words of a sentence: they count only behind *my*.
_THING = (
    r"mobile?|mobil\w*|smartphone\w*|phone|mac\w*|tablet\w*|device|handy|telefon\w*|telephone|portable|movil|celular"
    r"|telemovel|cellulare|puhel\w*|matkapuhel\w*|mobitel\w*|телефон\w*|устройств\w*|κινητο|手机|手機|携帯|スマート\w*"
)
_MY = r"my|meine?[mnrs]?|mon|ma|mes|mi|meu|minha|mio|mia|mijn|min|mitt|mit|mojego|mojej|meho|mog|mojeg|svog|мо\w+"
_SENT = (
    r"sent (?:from|via|with|using)",
    r"von (?:meine\w*|unterwegs)",
    r"(?:diese nachricht wurde |mail |e-?mail )?(?:gesendet|verschickt|geschrieben|versendet) (?:von|mit|via|aus|uber)",
    r"diese (?:nachricht|e-?mail) wurde von",
    r"(?:ce (?:message|courriel) a ete )?(?:envoye|expedie) (?:de|depuis|a partir|avec|par|via)",
    r"(?:enviado|enviada|mensagem enviada|mensaje enviado) (?:desde|do|da|de|com|con|a partir|via|pelo)",
    r"(?:inviato|inviata|spedito) (?:da|dal|dalla|con|tramite)",
    r"(?:verstuurd|verzonden) (?:vanaf|van|via|met|vanuit)",
    r"skickat (?:fran|med|via)",
    r"sendt (?:fra|med|via)",
    r"lahetetty",
    r"wyslane? (?:z|za|przy)|wyslano (?:z|za|przy)|wiadomosc wyslana",
    r"odeslano (?:z|ze|pomoci)|odoslane (?:z|zo)",
    r"отправлен\w* (?:с|со|из|через)|надіслано (?:з|із)",
    r"(?:σταλθηκε|εσταλη|απεσταλη) απο",
    r"poslano (?:s|sa|z|iz)|kuldve|trimis (?:de|din)",
)
_GET = (
    r"skaffa|fa|obtineti|отримати|获取|"
    r"get|download|haal|telecharge[rz]|obtenez|obtenir|obtener|obtenga|obter|obtenha|descarga\w*|baixar|ottieni|scarica"
    r"|hamta|hent|last ned|hanki|lataa|pobierz|ziskejte|ziskat|stahnout|скачать|αποκτηστε|ληψη του|preuzmite|nabavite"
)
# What stands behind in other languages: `iPhone'umdan gönderildi`, `iPhoneから送信`.
_BEHIND = (
    r"gonderildi|edinin|から送信|から送信されました|から送信しました|에서 보냄|에서 전송|에서 보냈\w*|发送|传送|傳送"
    r"|gesendet|verstuurd|verzonden|lahetetty|downloaden|ophalen|herunterladen|beziehen|kuldve"
)
_SORRY = r"(?:excus|entschuldig|verzei|disculp|scus|desculp)"
_MINE = r"发自我的|發自我的|发自|從我的|从我的|我的|由我的|나의|내 |enviat des de|trimis de pe"
_SENT_FROM = rf"(?:{'|'.join(_SENT)})\b"
_ADVERT_PATTERN = (
    rf"(?:{_SENT_FROM}(?: my \w+,)?[^,;!?]{{0,60}}?(?<!\w)(?:{_DEVICE})(?!\w)"
    rf"(?:(?:[ -]+\w+){{0,4}}?|[^.;!?]{{0,50}}(?:{_THING}))(?:\. [^.]{{0,25}}{_SORRY}[^.]{{0,40}})?"
    r"|yahoo mail: [^.]{0,60}"
    rf"|{_SENT_FROM} (?:{_MY}|mein\w*)?\b[^,;!?]{{0,25}}?(?<!\w)(?:{_THING})(?: \w+)?"
    rf"|(?:{_GET}) (?:\w+ )?(?:{_APP})(?!\w)(?:[ -]+\w+){{0,4}}?"
    rf"|(?:{_APP}) (?:fur|voor|til|for|pour|para|per) (?:{_DEVICE})\b.{{0,20}}"
    rf"|(?:{_MINE})\s?.{{0,20}}?(?:{_DEVICE}|{_THING}).{{0,16}}"
    rf"|(?:von |vanaf |van )?[^,;!?]{{0,30}}?(?<!\w)(?:{_DEVICE})[^,;!?]{{0,25}}?(?:{_BEHIND}))\W*"
)
# As the text it is tried on; the signs of the pattern itself must not be folded.
_ADVERT = re.compile(re.sub(r"[^\x00-\x7f]+", lambda found: fold(found[0]), _ADVERT_PATTERN))
_CHECKED = re.compile(
    r"virus-?free\.?(?: ?www\.\S+)?"
    r"|(?=.*\b(?:virus|viren))(?=.*\b(?:avast|avg|kaspersky|norton|eset|bitdefender)\b).{0,120}"
)
_LINK_OF_MARKDOWN = re.compile(r"\[([^\[\]]{1,60})\]\(https?://[^\s()]{1,200}\)")
_ADDRESS_OF_PAGE = re.compile(r"[<(\[]\s?https?://[^\s>)\]]+\s?[>)\]]|https?://\S+")


def is_advertisement(text: str) -> bool:
    """Did a mail program add this line? `Sent from my iPhone`, in any of many languages."""
    text = _LINK_OF_MARKDOWN.sub(r"\1", text[:_LONGEST_READ])
    bare = _ADDRESS_OF_PAGE.sub("", text).strip(" _*<>()[]-–—|")
    if not bare or len(bare) > 120:
        return False
    folded = fold(bare)
    return _ADVERT.fullmatch(folded) is not None or _CHECKED.fullmatch(folded) is not None


def end_of_words(lines: Sequence[str], names: Collection[str], *, is_all: bool) -> int:
    """How many of these lines are the writer's words: the rest is a signature or an advertisement.

    `names` are those of the writer. `is_all`: no words of theirs stand elsewhere.
    """
    end = _without_advertisements(lines, len(lines))
    start = _signature(lines[:end], names, is_all=is_all)
    return _without_advertisements(lines, start) if start is not None else end


def _without_advertisements(lines: Sequence[str], end: int) -> int:
    """Where the lines end before empty ones and advertisements at their end."""
    number = end
    while number > 0:
        text = lines[number - 1].strip()
        wrapped = f"{lines[number - 2].strip()} {text}" if number > 1 else ""
        if text and is_advertisement(text):
            number, end = number - 1, number - 1
        elif text and lines[number - 2].strip() and is_advertisement(wrapped):
            number, end = number - 2, number - 2
        elif not text:
            number -= 1
        else:
            break
    return end


def _signature(lines: Sequence[str], names: Collection[str], *, is_all: bool) -> int | None:
    """Where a signature begins; None if there is none."""
    delimiters = [number for number, line in enumerate(lines) if _DELIMITER.fullmatch(line)]
    if not delimiters:
        return None
    at = delimiters[-1]
    below = [line.strip()[:_LONGEST_READ] for line in lines[at + 1 :] if line.strip()]
    is_standard = lines[at] == _STANDARD and len(delimiters) == 1
    # Where nothing stands above, it may be all that they say.
    is_standard = is_standard and (not is_all or any(line.strip() for line in lines[:at]))
    return at if _is_signature(below, names, is_standard=is_standard) else None


def _is_signature(below: Sequence[str], names: Collection[str], *, is_standard: bool) -> bool:
    """Do these lines tell who somebody is? `is_standard`: the delimiter is that of RFC 3676."""
    if not below:
        return True
    if len(below) > _MOST_LINES:
        return False
    is_named = _is_name(below[0], names)
    has_contact = any(_CONTACT.search(line) for line in below)
    sentences = [line for line in below if _SENTENCE.search(line) and not _CONTACT.search(line)]
    if is_standard:
        return is_named or not sentences or (has_contact and _SENTENCE.search(below[0]) is None)
    first = below[0]
    is_short = len(first.split()) <= _FEW_WORDS and not first.endswith((*_ENDS, ":"))
    is_about_nobody = ":" in first and not _CONTACT.search(first)
    if is_named:
        return len(sentences) <= len(below) // 2
    return has_contact and is_short and not is_about_nobody and len(below) > 1 and not sentences


def _is_name(line: str, names: Collection[str]) -> bool:
    """Is this the writer's name, or begins with it?"""
    if len(line) > _LONGEST_LINE or len(line.split()) > _FEW_WORDS or line.endswith(_ENDS):
        return False
    words = re.findall(r"[^\W\d_]{2,}", fold(line))
    known = {word for name in names for word in re.findall(r"[^\W\d_]{2,}", fold(name))}
    return bool(words) and words[0] in known
