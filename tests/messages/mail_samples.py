"""What mail programs write around a reply, in many languages, and honest lines that look like it."""

from __future__ import annotations

from marinemarket.messages.notifications import MARK

MARKET = "market@boats.example"
WORDS = "Yes, Saturday suits me.\n\nIch komme um zehn."
OURS = f"""--- {MARK} ---

Ben asked about your Bavaria 32:

Is she still available?
Does the engine start?

Reply to this email, or reply on the site:
https://boats.example/messages/abc.def

The other person does not see your email address.

-- \nMarineMarket, https://boats.example
The message is from Ben, not from us."""
"""One of the market's emails, as it is quoted."""


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


ATTRIBUTIONS = (
    f"On Mon, Nov 30, 2026 at 10:14 AM Ben (MarineMarket) <{MARKET}>\nwrote:",
    f"On Mon, Nov 30, 2026 at 10:14\u202fAM Ben (MarineMarket)\u00a0<{MARKET}> wrote:",
    f"Am Mo., 30. Nov. 2026 um 10:14 Uhr schrieb Ben (MarineMarket) <\n{MARKET}>:",
    f"Le lun. 30 nov. 2026 à 10:14, Ben (MarineMarket) <{MARKET}> a\nécrit :",
    f"El lun, 30 nov 2026 a las 10:14, Ben (MarineMarket) (<{MARKET}>)\nescribió:",
    f"Il giorno lun 30 nov 2026 alle ore 10:14 Ben (MarineMarket) <\n{MARKET}> ha scritto:",
    f"Op ma 30 nov 2026 om 10:14 schreef Ben (MarineMarket) <{MARKET}>:",
    f"Den mån 30 nov. 2026 kl 10:14 skrev Ben (MarineMarket) <\n{MARKET}>:",
    f"Den man. 30. nov. 2026 kl. 10.14 skrev Ben (MarineMarket) <\n{MARKET}>:",
    f"man. 30. nov. 2026 kl. 10:14 skrev Ben (MarineMarket) <{MARKET}>:",
    f"ma 30. marrask. 2026 klo 10.14 Ben (MarineMarket) ({MARKET})\nkirjoitti:",
    f"pon., 30 lis 2026 o 10:14 Ben (MarineMarket) <{MARKET}>\nnapisał(a):",
    f"Ben (MarineMarket) <{MARKET}> escreveu (segunda, 30/11/2026\nà(s) 10:14):",
    f"Em seg., 30 de nov. de 2026 às 10:14, Ben (MarineMarket) <\n{MARKET}> escreveu:",
    f"po 30. 11. 2026 v 10:14 odesílatel Ben (MarineMarket) <{MARKET}>\nnapsal:",
    f"po 30. 11. 2026 o 10:14 Ben (MarineMarket) <{MARKET}> napísal(a):",
    f"пн, 30 нояб. 2026 г. в 10:14, Ben (MarineMarket) <{MARKET}>:",
    f"пн, 30 лист. 2026 р. о 10:14 Ben (MarineMarket) <{MARKET}> пише:",
    f"Στις Δευ 30 Νοε 2026 στις 10:14 π.μ., ο χρήστης Ben (MarineMarket) <\n{MARKET}> έγραψε:",
    f"Ben (MarineMarket) <{MARKET}>, 30 Kas 2026 Pzt, 10:14\ntarihinde şunu yazdı:",
    f"pon, 30. stu 2026. u 10:14 Ben (MarineMarket) <{MARKET}>\nnapisao je:",
    f"Ben (MarineMarket) <{MARKET}> ezt írta (időpont: 2026. nov.\n30., H, 10:14):",
    f"lun., 30 nov. 2026 la 10:14, Ben (MarineMarket) <{MARKET}> a\nscris:",
    f"2026年11月30日(月) 10:14 Ben (MarineMarket) <{MARKET}>:",
    f"Ben (MarineMarket) <{MARKET}> 于2026年11月30日周一 10:14写道：",
    f"2026년 11월 30일 (월) 오전 10:14, Ben (MarineMarket) <{MARKET}>님이 작성:",
    f"\u202bבתאריך יום ב׳, 30 בנוב׳ 2026 ב-10:14 מאת \u202aBen\u202c\u200f <\u202a{MARKET}\u202c\u200f>:\u202c",
    f"في الاثنين، 30 نوفمبر 2026 في 10:14 ص تمت كتابة ما يلي بواسطة Ben <\n{MARKET}>:",
    f"On 30 Nov 2026, at 10:14, Ben (MarineMarket) <{MARKET}> wrote:",
    f"Am 30.11.2026 um 10:14 schrieb Ben (MarineMarket) <{MARKET}>:",
    f"Le 30 nov. 2026 à 10:14, Ben (MarineMarket) <{MARKET}> a écrit :",
    f"Il giorno 30 nov 2026, alle ore 10:14, Ben (MarineMarket) <{MARKET}> ha scritto:",
    f"El 30 nov 2026, a las 10:14, Ben (MarineMarket) <{MARKET}> escribió:",
    f"Op 30 nov 2026, om 10:14 heeft Ben (MarineMarket) <{MARKET}> het volgende geschreven:",
    f"30 nov. 2026 kl. 10:14 skrev Ben (MarineMarket) <{MARKET}>:",
    f"Wiadomość napisana przez Ben (MarineMarket) <{MARKET}> w dniu 30 lis 2026, o godz. 10:14:",
    f"Ben (MarineMarket) <{MARKET}> kirjoitti 30.11.2026 kello 10.14:",
    f"No dia 30/11/2026, às 10:14, Ben (MarineMarket) <{MARKET}> escreveu:",
    f"2026/11/30 10:14、Ben (MarineMarket) <{MARKET}>のメール:",
    "On Nov 30, 2026, at 10:14, Ben (MarineMarket) wrote:",
    "On 11/30/26 10:14, Ben (MarineMarket) wrote:",
    "Am 30.11.26 um 10:14 schrieb Ben (MarineMarket):",
    "Le 30/11/2026 à 10:14, Ben (MarineMarket) a écrit :",
    "W dniu 30.11.2026 o 10:14, Ben (MarineMarket) pisze:",
    "Dne 30. 11. 26 v 10:14 Ben (MarineMarket) napsal(a):",
    "30.11.2026 10:14, Ben (MarineMarket) пишет:",
    "Στις 30/11/26 10:14, ο/η Ben (MarineMarket) έγραψε:",
    "Ben (MarineMarket), 30.11.2026 10:14 tarihinde şunu yazdı:",
    "Ben (MarineMarket) je napisao 30. 11. 2026. u 10:14:",
    "在 2026/11/30 10:14, Ben (MarineMarket) 写道:",
    f"On Monday, November 30, 2026 at 10:14:00 AM EST, Ben (MarineMarket) <{MARKET}> wrote:  ",
    f"Am Montag, 30. November 2026 um 10:14:00 MEZ hat Ben (MarineMarket) <{MARKET}> Folgendes geschrieben:  ",
    f"Le lundi 30 novembre 2026 à 10:14:00 UTC+1, Ben (MarineMarket) <{MARKET}> a écrit :  ",
    f"El lunes, 30 de noviembre de 2026, 10:14:00 CET, Ben (MarineMarket) <{MARKET}> escribió:  ",
    f"Il lunedì 30 novembre 2026 alle ore 10:14:00 CET, Ben (MarineMarket) <{MARKET}> ha scritto:  ",
    f"On Monday, November 30th, 2026 at 10:14 AM, Ben (MarineMarket) <{MARKET}> wrote:",
    f"Am Montag, 30. November 2026 um 10:14, schrieb Ben (MarineMarket) <{MARKET}>:",
    f'On November 30, 2026 10:14:33 AM GMT+01:00, "Ben (MarineMarket)" <{MARKET}> wrote:',
    "On Mon, Nov 30, 2026 at 10:14:33AM +0100, Ben (MarineMarket) wrote:",
    "On Mon, 2026-11-30 at 10:14 +0100, Ben (MarineMarket) wrote:",
    f"Понедельник, 30 ноября 2026, 10:14 +03:00 от Ben (MarineMarket) <{MARKET}>:",
    f'30.11.2026, 10:14, "Ben (MarineMarket)" <{MARKET}>:',
    f"---- On Mon, 30 Nov 2026 10:14:00 +0100 Ben (MarineMarket) <{MARKET}> wrote ----",
    f'At 2026-11-30 10:14:00, "Ben (MarineMarket)" <{MARKET}> wrote:',
    f"On Mon, 30 Nov 2026 at\n10:14, Ben Buyer-Longnamed (MarineMarket)\n<{MARKET}> wrote:",
    f"*On Mon, 30 Nov 2026 at 10:14, Ben (MarineMarket) <*{MARKET}*> wrote:*",
)
"""Of Gmail, Apple Mail, Thunderbird, Yahoo, Proton, K-9, mutt, Evolution, Zoho, mail.ru, Yandex and 163."""

WEBMAIL_ATTRIBUTIONS = (
    f"Le 30/11/2026 à 10:14, {MARKET} a écrit :",
    "Op 30-11-2026 om 10:14 schreef Ben (MarineMarket):",
    "Den 30.11.2026 10:14, skrev Ben (MarineMarket):",
    "Ben (MarineMarket) kirjoitti 30.11.2026 klo 10.14:",
    "Il 30/11/26 10:14, Ben (MarineMarket) ha scritto:",
    "Em 30/11/2026 10:14, Ben (MarineMarket) escreveu:",
    "El 30/11/26 a las 10:14, Ben (MarineMarket) escribió:",
    "2026. 11. 30. 10:14 keltezéssel, Ben (MarineMarket) írta:",
    "În 30.11.2026 10:14, Ben (MarineMarket) a scris:",
    "Dana 30. 11. 2026. u 10:14, Ben (MarineMarket) je napisao/la:",
    f'Am 30. November 2026 10:14:33 MEZ schrieb "Ben (MarineMarket)" <{MARKET}>:',
    f"Quoting Ben (MarineMarket) <{MARKET}>:",
    f"Zitat von Ben (MarineMarket) <{MARKET}>:",
    f"Ben <{MARKET}> wrote on 30.11.2026 10:14:",
    f"--- Ben <{MARKET}> schrieb am Mo, 30.11.2026:",
    f"Ben (MarineMarket) <{MARKET}> hat am 30.11.2026 10:14 CET geschrieben:",
    f"On 30/11/2026 10:14 CET Ben (MarineMarket) <{MARKET}> wrote:",
    f"Le 30/11/2026 10:14 CET, Ben (MarineMarket) <{MARKET}> a écrit :",
    f"Dnia 30 listopada 2026 10:14 Ben (MarineMarket) <{MARKET}> napisał(a):",
    f"W dniu 30 lis 2026 10:14, Ben (MarineMarket) <{MARKET}> napisał:",
    f'30 листопада 2026, 10:14:00, від "Ben" <{MARKET}>:',
    f"Em seg, 30 de nov de 2026 10:14, Ben (MarineMarket) <{MARKET}>\nescreveu:",
    f"На пн, 30.11.2026 г. в 10:14 Ben (MarineMarket) <{MARKET}> написа:",
    f"Vào Th 2, 30 thg 11, 2026 vào lúc 10:14 Ben (MarineMarket) <{MARKET}>\nđã viết:",
    f"Pada tanggal Sen, 30 Nov 2026 pukul 10.14 Ben (MarineMarket) <{MARKET}>\nmenulis:",
    f"Kuupäev E, 30. november 2026 kell 10:14 kirjutas Ben (MarineMarket) <\n{MARKET}>:",
    (
        f"pirmd., 2026. g. 30. nov., plkst. 10:14 — lietotājs Ben (MarineMarket) (<{MARKET}>)\n"
        "rakstīja:"
    ),
    f"2026-11-30, pr, 10:14 Ben (MarineMarket) <{MARKET}> rašė:",
    f"Missatge de Ben (MarineMarket) <{MARKET}> del dia dl., 30 de nov.\n2026 a les 10:14:",
    f"V V pon., 30. nov. 2026 ob 10:14 je oseba Ben (MarineMarket) <\n{MARKET}> napisala:",
    f"ในวันที่ จ. 30 พ.ย. 2026 เวลา 10:14 Ben (MarineMarket) <{MARKET}>\nเขียนว่า:",
    f"mán., 30. nóv. 2026 kl. 10:14 skrifaði Ben (MarineMarket) <{MARKET}>:",
    f"Y Llun, 30 Tach 2026 am 10:14 Ben (MarineMarket) <{MARKET}> ysgrifennodd:",
    f"On 30 November 2026 at 10:14, Ben (MarineMarket) ({MARKET}) wrote:",
    f"Ben (MarineMarket) <{MARKET}> 於 2026年11月30日 週一 上午10:14寫道：",
    f"2026年11月30日(月) 午前10:14 Ben (MarineMarket) <{MARKET}>さんは書きました:",
    f"On Mon 30 Nov, 2026, 10:14 Ben (MarineMarket), <{MARKET}> wrote:",
    f"Den mån, nov 30, 2026 kl. 10:14, Ben (MarineMarket) <{MARKET}> skrev:",
    f"Am Mo., Nov. 30, 2026 um 10:14, Ben (MarineMarket) <{MARKET}> schrieb:",
    f"On Nov 30 2026, at 10:14 am, Ben (MarineMarket) <{MARKET}> wrote:",
    f"On November 30, 2026 at 10:14:00 AM, Ben (MarineMarket) ({MARKET}(mailto:{MARKET})) wrote:",
    "On 2026-11-30 10:14, Ben (MarineMarket) wrote:",
)
"""Of Thunderbird in other languages, of webmail programs, and of Gmail in rarer languages."""

HEADERS = (
    (
        f"From: Ben (MarineMarket) <{MARKET}>\n"
        "Date: Monday, November 30, 2026 at 10:14 AM\n"
        "To: Jeanne <jeanne@legoff.example>\nSubject: Ben asks"
    ),
    (
        f'Message du 30/11/26 10:14\nDe : "Ben" <{MARKET}>\n'
        'A : "Jeanne" <jeanne@legoff.example>\nCopie à : \nObjet : Ben asks'
    ),
    (
        f"---------- Původní e-mail ----------\nOd: Ben <{MARKET}>\n"
        "Komu: jeanne@legoff.example\nDatum: 30. 11. 2026 10:14:00\n"
        "Předmět: Ben asks"
    ),
    (
        "-----Original-Nachricht-----\nBetreff: Ben asks\n"
        f'Datum: 2026-11-30T10:14:00+0100\nVon: "Ben" <{MARKET}>\n'
        'An: "jeanne@legoff.example" <jeanne@legoff.example>'
    ),
    (
        f"--------- 원본 메일 ---------\n보낸사람: Ben <{MARKET}>\n"
        "받는사람 : Jeanne <jeanne@legoff.example>\n"
        "날짜: 2026년 11월 30일 월요일, 10시 14분 +0900\n제목: Ben asks"
    ),
    (
        f"מאת: Ben <{MARKET}>\nנשלח: יום שני 30 נובמבר 2026 10:14\n"
        "אל: Jeanne <jeanne@legoff.example>\nנושא: Ben asks"
    ),
    (
        f"من: Ben <{MARKET}>\nتم الإرسال: الاثنين 30 نوفمبر 2026 10:14\n"
        "إلى: Jeanne <jeanne@legoff.example>\nالموضوع: Ben asks"
    ),
    (
        f"Từ: Ben <{MARKET}>\nĐã gửi: Thứ Hai, 30 tháng 11, 2026 10:14\n"
        "Tới: Jeanne <jeanne@legoff.example>\nChủ đề: Ben asks"
    ),
    (
        f"寄件者: Ben <{MARKET}>\n寄件日期: 2026年11月30日 上午 10:14\n"
        "收件者: Jeanne <jeanne@legoff.example>\n主旨: Ben asks"
    ),
    (
        f"From: Ben <{MARKET}>\nSent: Monday, November 30, 2026 10:14:00 AM\n"
        "To: jeanne@legoff.example <jeanne@legoff.example>\n"
        "Cc: x <x@y.example>;\n a very long list of others <z@y.example>\n"
        "Subject: Ben asks"
    ),
    (
        f"**From:** Ben <{MARKET}>\n**Sent:** Monday, November 30, 2026 10:14\n"
        "**To:** Jeanne <jeanne@legoff.example>\n**Subject:** Ben asks"
    ),
    (
        f"Från: Ben [{MARKET}]\nSkickat: den 30 november 2026 10:14\n"
        "Till: Jeanne Le Goff\nÄmne: Ben asks"
    ),
    (
        f"  From:    Ben <{MARKET}>\n"
        "  Sent:    Monday, November 30, 2026 10:14 AM\n"
        "  To:      Jeanne Le Goff <jeanne@legoff.example>\n  Subject: Ben asks"
    ),
)
"""Of Orange, Seznam, T-Online, Daum and Outlook in rarer languages, with values that are wrapped."""

HEADER_LABELS = (
    ("From", "Sent", "To", "Subject", "Monday, November 30, 2026 10:14 AM"),
    ("Von", "Gesendet", "An", "Betreff", "Montag, 30. November 2026 10:14"),
    ("De\xa0", "Envoyé\xa0", "À\xa0", "Objet\xa0", "lundi 30 novembre 2026 10:14"),
    ("De", "Enviado el", "Para", "Asunto", "lunes, 30 de noviembre de 2026 10:14"),
    ("Da", "Inviato", "A", "Oggetto", "lunedì 30 novembre 2026 10:14"),
    ("Van", "Verzonden", "Aan", "Onderwerp", "maandag 30 november 2026 10:14"),
    ("Från", "Skickat", "Till", "Ämne", "den 30 november 2026 10:14"),
    ("Fra", "Sendt", "Til", "Emne", "30. november 2026 10:14"),
    ("Fra", "Sendt", "Til", "Emne", "mandag 30. november 2026 10:14"),
    ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe", "maanantai 30. marraskuuta 2026 10.14"),
    ("Od", "Wysłano", "Do", "Temat", "poniedziałek, 30 listopada 2026 10:14"),
    ("De", "Enviado", "Para", "Assunto", "30 de novembro de 2026 10:14"),
    ("Od", "Odesláno", "Komu", "Předmět", "pondělí 30. listopadu 2026 10:14"),
    ("От", "Отправлено", "Кому", "Тема", "30 ноября 2026 г. 10:14"),
    ("Από", "Στάλθηκε", "Προς", "Θέμα", "Δευτέρα, 30 Νοεμβρίου 2026 10:14"),
    ("Kimden", "Gönderildi", "Kime", "Konu", "30 Kasım 2026 Pazartesi 10:14"),
    ("Šalje", "Poslano", "Prima", "Predmet", "30. studenoga 2026. 10:14"),
    ("Feladó", "Elküldve", "Címzett", "Tárgy", "2026. november 30., hétfő 10:14"),
    ("差出人", "送信日時", "宛先", "件名", "2026年11月30日 10:14"),
    ("发件人", "发送时间", "收件人", "主题", "2026年11月30日 10:14"),
    ("보낸 사람", "보낸 날짜", "받는 사람", "제목", "2026년 11월 30일 월요일 오전 10:14"),
    ("Izcelsme", "Laiks", "Saņemeja", "Virsraksts", "2026. gada 30. novembris 10:14"),
)
"""Outlook's, and how it writes a date; the last language is made up."""


def header_block(labels: tuple[str, ...], *, bold: bool, apart: bool) -> str:
    sender, sent, to, subject, moment = labels
    rows = {
        sender: f"Ben (MarineMarket) <{MARKET}>",
        sent: moment,
        to: "Jeanne Le Goff-Martin <jeanne@legoff.example>",
        subject: "Re: Ben asks",
    }
    return ("\n\n" if apart else "\n").join(
        f"*{label}:* {value}" if bold else f"{label}: {value}" for label, value in rows.items()
    )


OTHERS = (
    (
        f"> From: Ben (MarineMarket) <{MARKET}>\n> Sent: Monday, November 30, 2026 10:14 AM\n"
        "> To: Jeanne Le Goff-Martin <jeanne@legoff.example>\n> Subject: Re: Ben asks\n>\n"
        f"{quoted(OURS)}"
    ),
    (
        f'Gesendet: Montag, 30. November 2026 um 10:14\nVon: "Ben (MarineMarket)" <{MARKET}>\n'
        f"An: jeanne@legoff.example\nBetreff: Ben asks\n{OURS}"
    ),
    (
        f'Gesendet: Montag, 30. November 2026 um 10:14\nVon: "Ben (MarineMarket)" <{MARKET}>\n'
        "An: jeanne.le.goff.martin@legoff.example,\n  zweite@legoff.example\n"
        f"Betreff: Ben asks about your\n  Bavaria 32\n{OURS}"
    ),
    (
        "Sent from my Galaxy\n\n-------- Original message --------\n"
        f'From: "Ben (MarineMarket)" <{MARKET}>\nDate: 30/11/2026 10:14 (GMT+01:00)\n'
        f"To: jeanne@legoff.example\nSubject: Ben asks\n\n{OURS}"
    ),
    (
        "Von meinem Samsung Galaxy Smartphone gesendet.\n\n"
        f"-------- Ursprüngliche Nachricht --------\nVon: Ben <{MARKET}>\n"
        "Datum: 30.11.26 10:14 (GMT+01:00)\nAn: jeanne@legoff.example\nBetreff: Ben asks\n\n"
        f"{OURS}"
    ),
    (
        "Envoyé depuis mon appareil Galaxy\n\n-------- Message d'origine --------\n"
        f"De : Ben <{MARKET}>\nDate : 30/11/2026 10:14 (GMT+01:00)\nÀ : jeanne@legoff.example\n"
        f"Objet : Ben asks\n\n{OURS}"
    ),
    "-----Original Message-----\nFrom: Ben\nHello",
    (
        f'------------------ 原始邮件 ------------------\n发件人: "Ben" <{MARKET}>;\n'
        '发送时间: 2026年11月30日(星期一) 上午10:14\n收件人: "jeanne"<jeanne@legoff.example>;\n主题: Ben asks\n'
        f"\n{OURS}"
    ),
    f"Ben kaxlo 30/11/2026 10:14 <{MARKET}>:\n\n{OURS}",
    (
        f"Ben (MarineMarket) <{MARKET}>\n30.11.2026 10:14\n\nAn\njeanne@legoff.example\nKopie\n"
        f"\nThema\nBen asks\n\n{OURS}"
    ),
    (
        f"Von:        Ben (MarineMarket) <{MARKET}>\nAn:         jeanne@legoff.example\n"
        f"Datum:      30.11.2026 10:14\nBetreff:    Ben asks\n\n\n\n{OURS}"
    ),
    (
        f"From: Ben (MarineMarket) <{MARKET}> Sent: Monday, November 30, 2026 10:14 AM"
        f" To: Jeanne <jeanne@legoff.example> Subject: Ben asks\n\n{OURS}"
    ),
    f"In a message dated 11/30/2026 10:14:00 AM Eastern Standard Time, {MARKET} writes:\n\n{OURS}",
    (
        f"> Date: Mon, 30 Nov 2026 10:14:00 +0100\n> From: {MARKET}\n"
        f"> To: jeanne@legoff.example\n> Subject: Ben asks\n>\n{quoted(OURS)}"
    ),
    (
        "----- Original Message ----- \nFrom: Ben\nTo: jeanne@legoff.example\n"
        f"Sent: Monday, November 30, 2026 10:14 AM\nSubject: Ben asks\n\n{OURS}"
    ),
    f"30 Nov 2026, 10:14 by {MARKET}:\n\n{quoted(OURS)}",
    f"Ben (MarineMarket) <{MARKET}> schrieb am Mo., 30. Nov. 2026,\n10:14:\n\n{quoted(OURS)}",
    (
        "Begin forwarded message:\n\nFrom: Yard <yard@x.example>\nSubject: offer\n"
        "Date: 30 November 2026 at 10:14:00 CET\nTo: jeanne@legoff.example\n\nWe offer"
    ),
    (
        "---------- Forwarded message ---------\nVon: Yard <yard@x.example>\n"
        "Date: Mo., 30. Nov. 2026 um 10:14 Uhr\nSubject: Angebot\nTo: jeanne@legoff.example\n"
        "\nWir bieten"
    ),
    (
        f"From: Ben [mailto:{MARKET}] \nSent: Monday, November 30, 2026 10:14 AM\nTo: jeanne\n"
        f"Subject: Ben asks\n\n{OURS}"
    ),
)
"""Below the new text: of GMX, web.de, Samsung, QQ, Lotus Notes, AOL, Hotmail, Tuta and forwarding programs."""

SIGNATURES = (
    "-- \nBob Stay\nStay Industries\n+1 772 555 0100",
    "--\nBob Stay\nStay Industries\n+1 772 555 0100",
    "--\nStay Industries GmbH\nHafenstr. 1, 20457 Hamburg\nTel. 040 555 0100",
    "Sent from my iPhone",
    "Von meinem iPad gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Enviado do meu iPhone",
    "Odesláno z iPhonu",
    "Отправлено с iPhone",
    "Στάλθηκε από το iPhone μου",
    "iPhone'umdan gönderildi",
    "Poslano s mog iPhonea",
    "iPhoneから送信",
    "发自我的iPhone",
    "나의 iPhone에서 보냄",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
    "Outlook für Android<https://aka.ms/x> beziehen",
    "Télécharger Outlook pour iOS<https://aka.ms/x>",
    "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
    "Gesendet von Mail<https://go.microsoft.com/fwlink/?LinkId=550986> für Windows",
    "Sent from Yahoo Mail on Android",
    "Sent with Proton Mail secure email.",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
    "Virus-free.www.avg.com",
    "Inviato da Yahoo Mail su Android",
    "Sent from my Samsung Galaxy smartphone.",
    "Obtener Outlook para iOS<https://aka.ms/x>",
    "Outlook voor Android<https://aka.ms/x> downloaden",
    "Hämta Outlook för iOS<https://aka.ms/x>",
    "Pobierz program Outlook dla systemu iOS<https://aka.ms/x>",
    "Sent from my BlackBerry 10 smartphone.",
    "Von meinem Tablet gesendet",
    "Sent from Proton Mail mobile",
)

ADVERTISEMENTS = (
    "Sent with [Proton Mail](https://proton.me/mail/home) secure email.",
    "Skaffa Outlook för iOS",
    "Få Outlook til iOS",
    "Отримати Outlook для Android",
    "获取 Outlook for iOS",
    "Skickat från Outlook för Android",
    "Sendt fra Outlook til iOS",
    "Sendt fra Mail til Windows",
    "Envoyé à partir d’Outlook pour Android",
    "Enviado desde Outlook para Android",
    "Inviato da Outlook per iOS",
    "Verzonden vanuit Outlook voor Android",
    "Wysłane z programu Outlook dla systemu Android",
    "Enviado a partir do Outlook para Android",
    "Odesláno z Outlooku pro Android",
    "Отправлено из Outlook для Android",
    "Lähetetty Outlookista Androidille",
    "Gesendet mit der GMX Mail App",
    "Gesendet mit der mobilen Mail App",
    "Von meinem iPhone gesendet.",
    "Sent from my iPad mini",
    "Sent from my Huawei Mobile",
    "Sent from Samsung Mobile",
    "Sent from my mobile",
    "Sent from my T-Mobile 4G LTE Device",
    "Sent via the Samsung Galaxy S20 5G, an AT&T 5G smartphone",
    "Envoyé depuis l'application Mail Orange",
    "Enviado desde Yahoo Mail para iPhone",
    "Sent from Gmail Mobile",
    "Sent with Shortwave",
    "Sent from Proton Mail for iOS",
    "Sent from mailbox",
    "Gesendet von Outlook für Mac",
    "Von Outlook für Android gesendet",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Inviato dal mio Galaxy",
    "Inviato dal mio cellulare",
    "Enviado do meu smartphone Samsung Galaxy.",
    "Skickat från min Samsung-enhet",
    "Verstuurd vanaf mijn Samsung-apparaat",
    "Envoyé de mon téléphone",
    "Gesendet von meinem Android-Gerät mit K-9 Mail.",
    "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Отправлено с моего iPhone",
    "Отправлено из мобильной Почты Mail.ru",
    "Отправлено из мобильной Яндекс.Почты",
    "Enviat des del meu iPhone",
    "Trimis de pe iPhone-ul meu",
    "Küldve az iPhone-omról",
    "iPadから送信",
    "Yahoo Mail: Search, Organize, Conquer",
    "Sent from AOL on Android",
    "Sent from my Xperia™ smartphone",
)

HONEST = (
    "On 3 May the surveyor (surveyor@x.example) wrote:\nThe hull is dry.",
    "On 12.5.2026 the yard (yard@x.example) wrote:\nHull is dry.\nSo come.",
    "Am 12.5.2026 um 10:30 schrieb ich der Werft:\nbitte Rumpf prüfen.",
    "--\nBob has the keys.",
    "Engine ok\n--\nBob will be there on Sunday at ten, ask him for the keys.",
    f"I wrote to {MARKET} yesterday:\nno answer yet.",
    "Call the yard: +1 772 555 0100\n--\nThey have the keys",
    "Two engines:\n-- \nport: Yanmar 3GM30\n-- \nstarboard: Yanmar 3GM30",
    "Price: 45,000\nFrom: my heart\nTo: you",
    "Papers:\nFrom: VAT office, 12.5.2026\nTo: me\nAll paid.",
    "De: 45 000 €\nA: 42 000 €\nData: 12/5/2026",
    "El lunes escribió el astillero:\n«todo bien».",
    "Le 12/05/2026 à 10:30 nous avons écrit :\nrien de neuf.",
    "W dniu 12.05.2026 stocznia napisała:\nkadłub suchy.",
    "Sent from Outlook Bay, she arrives on Friday in Stuart.",
    "Get the keys from the yard with your phone.",
    "Outlook for iOS users: see the photos.",
    "____\nEngine\n____\nSails\n____",
    "***\nPart two\n***\nThe sails",
    "Subject to survey. Date: Sunday. To be agreed: price.",
    "Datum: 12.5.2026\nOrt: Hafen Lübeck\nBetreff: Besichtigung\nBitte pünktlich.",
    "Von meinem Vater gesendet, kam gestern das Segel.",
    "Verzonden met de post gisteren.",
    "Inviato con DHL, arriva venerdì con il telefono di bordo.",
    "My answers to what you wrote:\n1. yes\n2. no",
    "You asked on 30 Nov 2026 at 10:14:\nIs she dry? Yes she is.",
    "Il 12 maggio 2026 alle 10:30 il perito ha scritto:\nscafo asciutto.",
    "-- \nSold with trailer.",
    (
        "Equipment\n-----------------------------\nRadar\nPlotter\n"
        "-----------------------------\nPrice 45,000"
    ),
    "Sent: 12.5.2026\nTo: the yard\nInvoice paid",
    (
        "Bonjour,\n\nLe moteur part au quart de tour, comme je vous l'ai écrit\n"
        "lundi. Le prix reste 45 000, avec le chariot."
    ),
    "On Monday I wrote:\nshe is sold.\nBut the sale fell through.",
    "Bonjour,\nLe chantier a écrit:\nla coque est saine.\nVoilà tout.",
    "Bonjour,\nLe 12 mai 2026 le chantier a écrit :\nla coque est saine.\nVoilà.",
    "Am 12.5.2026 schrieb die Werft:\nRumpf trocken, Ruder neu.\nMehr weiß ich nicht.",
    "On Monday the surveyor wrote that she is sound.\nFrom: bow to stern she is fine.",
    "Το ναυπηγείο έγραψε:\nόλα καλά.",
    "Il cantiere ha scritto:\ntutto a posto.",
    "Op maandag schreef de werf:\nalles in orde.",
    "Den gamle ejer skrev:\nalt er i orden.\nHilsen",
    "Our trip:\nFrom: Marseille\nTo: Toulon\nDate: 12 May 2026\nShe went well.",
    "De : Marseille\nÀ : Toulon\nDate : 12 mai 2026 10:30\nTout va bien.",
    (
        "Engine: Yanmar 3GM30\n--\nSails: new in 2020\n--\n"
        "Price 45,000 firm, viewing on Sunday at ten."
    ),
    "Price 45,000 firm.\n--\nSails: new in 2020",
    "The mast is new.\n--\nViewing on Sunday at ten, call me on 772 555 0100 then.",
    (
        "Engine runs well.\n-- \nThe sails were new in 2020 and have hardly been used since.\n"
        "-- \nSee you on Sunday."
    ),
    "Engine runs well.\n-- \nThe sails were new in 2020 and have hardly been used since then.",
    "Engine\n____________________\nYanmar, 800 hours\n____________________\nSails new",
    "Engine\n--------------------\nYanmar, 800 hours\n\n----------\nSails new",
    "Sent from my yard yesterday, the sails should arrive on Friday.\nThe rest follows.",
    "All is well.\nSent from my yard yesterday, the sails should arrive on Friday.",
    "The photos:\nSent from my iPhone\nwill follow tonight, and the survey too.",
    "All is well.\nSent from my phone you got the wrong photos yesterday, sorry, new ones follow.",
    "Gesendet von der Werft kam gestern die Rechnung, sie liegt bei.",
    "Envoyé de Brest hier, le mât arrive vendredi.",
    (
        "Here is the list:\nLength: 32 ft\nBeam: 10 ft\nYear: 1987\n"
        "To: be seen in Toulon\nPrice: 45,000"
    ),
    "Length: 32 ft\nYear: 1987\nContact: bob@yard.example\nPrice: 45,000 firm",
    "Subject: to survey.\nFrom: 45,000 we can talk.",
    "Here are my answers:\n\nYes and yes.",
    "Come at 10:30 on 12.5.2026:\nI am at berth 12.",
    "Write to my yard at yard@x.example for the papers:\nthey have all.",
    "Thanks,\n\nBob",
    "- engine\n- sails\n-- spare sails\n-- spinnaker",
    "Von: 45.000 auf 42.000 gesenkt.\nAn: alle Interessenten.",
    "À: voir absolument.\nDe: grand confort.",
    "Date: Sunday 12 May 2026, 10:30\nWhere: berth 12\nBring: boots",
    "Mail from Windows users came by the dozen.",
    "Message:\nshe is fine.",
    "Nachricht:\nalles gut.",
    "Download the survey with Outlook or any mail program, it is attached.",
    'You wrote that she is 32 feet. She is 33. Who wrote:\n"Is she still available?"',
    "The papers:\nSent by mail yesterday.",
    "Get the mail key from the office.",
    "Her name:\nKaspersky is the name of the boat.",
    "From: 45,000\nTo: 42,000 for a quick sale\nSubject: to survey",
    "Where: berth 12\nWhen: 12.5.2026 10:30\nContact: bob@yard.example\nBring: boots",
    "The survey of 12.5.2026, 10:30, says:\nhull sound.",
    "Ask my yard (yard@x.example), they know more:\nopen till six.",
    "Le moteur date du 12.5.2026, comme écrit:\n800 heures.",
    "Sails\n--\nNorth 2020\n--\nGenoa 2015\n--\nSpinnaker",
    "The equipment, in parts:\n--\nDinghy\nOutboard 2.5 hp",
    "Price 45,000\n--\nViewing 12.05.2026 10:30",
    "The outlook for Sunday is fine, so come.\nOutlook for Sunday: fine",
    "Photos are from my iPhone.",
    (
        "See below\n________________________________\n"
        "From: the bow to the stern she is fine.\nTo: be seen."
    ),
    "Stocznia napisała:\nkadłub suchy.\nTyle wiem.",
    "Loděnice napsala:\ntrup je suchý.",
    "Верфь написала:\nкорпус сухой.",
    "Tersane yazdı:\ngövde kuru.",
    "造船所が書きました：\n船体は乾いています。",
    "O estaleiro escreveu:\no casco está seco.",
    "Telakka kirjoitti:\nrunko on kuiva.",
    "Merci.\nDe : mon côté tout va bien.\nObjet : voilier",
)
"""Whole messages, of which every line is the writer's."""
