"""The words by which brokers and portals say that a price is on request, or that a boat is under offer."""

from __future__ import annotations

from collections.abc import Iterable

from ..text import fold

_ON_REQUEST = """
    POA | POR | price on application | price on request | price upon request | price upon application
    price by request | price available on request | available on request | on request | on application
    upon request | upon application | by request | ask | ask for price | ask price | ask us | price on enquiry
    price on inquiry | on enquiry | on inquiry | enquire | inquire | please enquire | please inquire
    enquire for price | inquire for price | contact for price | contact us for price | contact us
    contact seller | contact broker | contact dealer | contact seller for price | call | call us
    call for price | call for pricing | please call | TBA | to be announced | price on demand
    Preis auf Anfrage | auf Anfrage | a. Anfrage | a. A. | PAA | Preis a. A. | Preis auf Nachfrage
    auf Nachfrage | Preis anfragen | bitte anfragen | Anfrage | auf Wunsch
    prix sur demande | sur demande | PSD | nous consulter | prix : nous consulter | nous contacter | à consulter
    prezzo su richiesta | su richiesta | prezzo a richiesta | a richiesta | trattativa riservata
    prezzo riservato | riservato
    precio a consultar | a consultar | consultar | consultar precio | precio bajo consulta | bajo consulta
    precio a petición | a petición | bajo petición | precio bajo petición | preguntar precio | consulte precio
    preço sob consulta | sob consulta | preço a consultar | preço sob pedido | sob pedido | consulte-nos
    preu a consultar
    prijs op aanvraag | op aanvraag | prijs n.o.t.k. | n.o.t.k. | nader overeen te komen
    pris på forespørsel | på forespørsel | pris på forespørgsel | på forespørgsel | pris efter aftale
    pris etter avtale | pris på anmodning | pris på begäran | på begäran | pris på förfrågan | på förfrågan
    pris enligt överenskommelse | ring för pris | ring for pris | spør om pris | spørg om pris
    hinta pyydettäessä | pyydettäessä | kysy hintaa | hinta kysyttäessä | kysy
    cena na zapytanie | na zapytanie | cena do uzgodnienia | cena na dotaz | na dotaz | cena na vyžiadanie
    cijena na upit | na upit | cena na upit | cena po dogovoru | cena na povpraševanje | ár kérésre
    kérjen ajánlatot | preț la cerere | la cerere | цена по запросу | по запросу | ціна за запитом
    τιμή κατόπιν ζήτησης | κατόπιν ζήτησης | τιμή κατόπιν επικοινωνίας
    fiyat sorunuz | fiyat sorun | fiyat için arayınız | fiyat için arayın | hind kokkuleppel
    価格応相談 | 応相談 | 価格はお問い合わせください | 面议 | 价格面议 | 價格面議 | 가격문의 | 가격 협의
"""

_UNDER_OFFER = """
    under offer | offer accepted | accepted offer | offer pending | pending offer | sale pending
    pending sale | pending | sale agreed | deal pending | deposit taken | deposit paid | on deposit
    under contract | contract pending | subject to contract | sold subject to contract | SSTC | STC
    sold subject to survey | subject to survey | sold STC | reserved | on hold | hold
    reserviert | unter Angebot | Angebot angenommen | unter Vertrag | anbezahlt | Verkauf vorbehalten
    Reservierung | vorgemerkt
    sous offre | sous compromis | offre acceptée | réservé | réservée | sous option | vente en cours
    compromis signé | en cours de vente | sous promesse
    in trattativa | offerta accettata | in corso di vendita | prenotato | prenotata | opzionato | opzionata
    reservado | reservada | bajo oferta | oferta aceptada | con señal | en proceso de venta | señalizado
    sob oferta | em negociação | sinalizado
    onder bod | onder voorbehoud | onder voorbehoud verkocht | verkocht onder voorbehoud | onder optie
    gereserveerd | in optie
    under bud | bud akseptert | reservert | reserveret | reserverad | under salg | under försäljning
    solgt med forbehold | såld med förbehåll | varattu | tarjous hyväksytty
    rezerwacja | zarezerwowany | zarezerwowana | rezervováno | rezervirano | foglalt | rezervat
    забронировано | зарезервировано | υπό προσφορά | κρατημένο | rezerve | opsiyonlu | 商談中 | 预订 | 예약중
"""


def _squeezed(text: str) -> str:
    """Letters alone, folded: P.O.A. and POA are one."""
    return "".join(letter for letter in fold(text) if letter.isalpha())


def _all(phrases: str) -> frozenset[str]:
    lines: Iterable[str] = phrases.replace("|", "\n").splitlines()
    return frozenset(filter(None, map(_squeezed, lines)))


_SAID_ON_REQUEST, _SAID_UNDER_OFFER = _all(_ON_REQUEST), _all(_UNDER_OFFER)


def is_on_request(cell: str) -> bool:
    """Does a file's price say that it is on request, in any of two dozen languages?

    >>> is_on_request("P.O.A."), is_on_request("Preis auf Anfrage"), is_on_request("EUR 45,000")
    (True, True, False)
    """
    return not any(map(str.isdigit, cell)) and _squeezed(cell) in _SAID_ON_REQUEST


def is_under_offer(cell: str) -> bool:
    """Does a file's status say that a boat is under offer?

    >>> is_under_offer("Sale pending"), is_under_offer("sous compromis"), is_under_offer("Sold")
    (True, True, False)
    """
    return _squeezed(cell) in _SAID_UNDER_OFFER
