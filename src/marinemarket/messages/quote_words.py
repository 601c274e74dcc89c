"""The words of mail programs above a quoted email, by language: labels, separators, verbs.

All are folded (`marinemarket.text.fold`): in lower case, without accents.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..text import fold

_LABELS = {
    "from": """
        From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|От|От кого|Від|Από|Kimden|Gönderen|Šalje|Pošiljatelj
        |Feladó|De la|Expeditor|Expéditeur|Mittente|Remitente|Remetente|Afzender|Avsändare|Afsender
        |Avsender|Absender|Nadawca|Odesílatel|Odosielateľ|差出人|送信者|发件人|寄件者|寄件人|보낸 사람|보낸사람
        |מאת|من|Từ|Người gửi|Dari|Saatja|No|Nuo|Pošiljatelj|จาก|送信元""",
    "date": """
        Sent|Date|Gesendet|Datum|Envoyé|Envoyé le|Date d'envoi|Enviado|Enviado el|Enviado em|Enviada em
        |Enviada|Fecha|Data|Data e hora|Inviato|Inviato il|Verzonden|Verzonden op|Skickat|Skickades|Sendt
        |Dato|Lähetetty|Päivämäärä|Päiväys|Wysłano|Wysłane|Odesláno|Odoslané|Dátum|Отправлено|Дата
        |Дата отправки|Надіслано|Ημερομηνία|Στάλθηκε|Απεστάλη|Tarih|Gönderildi|Gönderme Tarihi|Gönderilme tarihi
        |Poslano|Küldve|Elküldve|Trimis|Data trimiterii|Изпратено|送信日時|日付|日時|日期|发送时间|發送時間|寄件日期
        |傳送時間|已发送|보낸 날짜|날짜|보낸날짜|נשלח|תאריך|تاريخ الإرسال|التاريخ|Ngày|Đã gửi|Tanggal|Dikirim
        |Saadetud|Kuupäev|Nosūtīts|Išsiųsta|Enviat|Received|Sent at|วันที่|ส่ง|Päev|Erhalten|Gesendet am""",
    "to": """
        To|An|À|A|Para|Per|Aan|Naar|Till|Til|Vastaanottaja|Do|Komu|Pro|Кому|До|Προς|Kime|Alıcı|Prima|Za
        |Primatelj|Címzett|Către|Destinataire|Destinataires|Destinatario|Destinatário|До кого|宛先|收件人|收件者
        |받는 사람|받는사람|אל|إلى|Tới|Đến|Kepada|Ke|Saaja|Kam|Kellele|Empfänger|Mottagare|Modtager|Mottaker|Ontvanger
        |Adresat|Per a|ถึง""",
    "cc": """
        Cc|Kopie|Copie à|Kopie an|Copia a|Copie|Copia|Cópia|Kopia|Kopi|Kopio|Копия|Копія|Κοιν|Κοινοποίηση|Bilgi
        |Másolatot kap|Másolat|Kópia|Bcc|CCO|Cci|Blindkopie|抄送|副本|참조|עותק|نسخة|Tembusan|Cc (kopia)|DW|UDW""",
    "subject": """
        Subject|Betreff|Objet|Sujet|Asunto|Oggetto|Onderwerp|Ämne|Emne|Aihe|Temat|Předmět|Predmet|Тема|Θέμα
        |Konu|Tárgy|Subiect|Assunto|Assumpte|件名|主题|主題|主旨|제목|נושא|الموضوع|Chủ đề|Tiêu đề|Subjek|Perihal
        |Teema|Temats|Tema|Zadeva|Относно|Subyek|เรื่อง|Re""",
    "reply-to": """
        Reply-To|Antwort an|Répondre à|Responder a|Antwoord aan|Rispondi a|Svar till|Svar til|Organization
        |Organisation|Importance|Wichtigkeit|Priorität|Attachments|Anlagen|Anhänge|Pièces jointes|Priority""",
}

_SEPARATORS = """
    Original Message|Original message|Forwarded message|Begin forwarded message|Original Email|Reply message
    |Ursprüngliche Nachricht|Originalnachricht|Originalmeldung|Weitergeleitete Nachricht
    |Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail|Nachricht
    |Message d'origine|Message d’origine|Message original|Message transféré|Message initial|Courriel original
    |Début du message transféré|Début du message réexpédié|Mail original|E-mail d'origine
    |Mensaje original|Mensaje reenviado|Inicio del mensaje reenviado|Missatge original|Missatge reenviat
    |Messaggio originale|Messaggio inoltrato|Inizio messaggio inoltrato|Messaggio Originale
    |Oorspronkelijk bericht|Origineel bericht|Doorgestuurd bericht|Begin doorgestuurd bericht
    |Ursprungligt meddelande|Originalmeddelande|Vidarebefordrat meddelande|Vidarebefordrat brev
    |Oprindelig meddelelse|Original meddelelse|Videresendt meddelelse|Oprindelig besked|Videresendt besked
    |Opprinnelig melding|Original melding|Videresendt melding|Opprinnelig e-post
    |Alkuperäinen viesti|Välitetty viesti|Edelleenlähetetty viesti
    |Oryginalna wiadomość|Wiadomość oryginalna|Wiadomość przekazana|Przekazana wiadomość|Treść oryginalnej wiadomości
    |Mensagem original|Mensagem Original|Mensagem encaminhada|Mensagem reencaminhada
    |Původní zpráva|Původní e-mail|Přeposlaná zpráva|Pôvodná správa|Preposlaná správa
    |Исходное сообщение|Оригинальное сообщение|Пересланное сообщение|Пересылаемое сообщение|Исходное письмо
    |Початкове повідомлення|Оригінальне повідомлення|Переслане повідомлення
    |Αρχικό μήνυμα|Προωθημένο μήνυμα|Πρωτότυπο μήνυμα
    |Orijinal İleti|Orijinal ileti|Orijinal Mesaj|Özgün İleti|Özgün Mesaj|Orjinal mesaj|İletilen ileti
    |Yönlendirilen mesaj
    |Izvorna poruka|Originalna poruka|Proslijeđena poruka|Prosleđena poruka|Izvirno sporočilo|Posredovano sporočilo
    |Eredeti üzenet|Továbbított üzenet|Mesaj original|Mesajul original|Mesaj redirecționat|Оригинално съобщение
    |Препратено съобщение|元のメッセージ|元メッセージ|転送メッセージ|転送されたメッセージ|原始邮件|原邮件|转发的邮件
    |转发邮件
    |邮件原件|原始郵件|原始訊息|轉寄的郵件|원본 메시지|원본메시지|원본 이메일|전달된 메시지|הודעה מקורית|הודעה שהועברה
    |الرسالة الأصلية|رسالة معاد توجيهها|Thư gốc|Tin nhắn gốc|Pesan asli|Pesan Asli|Algsõnum|Originaal kiri
    |Sākotnējais ziņojums|Pradinis pranešimas|Upphafleg skilaboð|ข้อความต้นฉบับ
"""

_VERBS = """
    wrote|writes|schrieb|schreibt|geschrieben|ecrit|escribio|escribe|scritto|scrive|schreef|geschreven
    |skrev|skriver|kirjoitti|napisał|napisała|pisze|escreveu|escreve|napsal|napsala|napísal|napísala|píše
    |написал|написала|писал|писала|пишет|писала|написав|написала|пише|έγραψε|έγραψαν|yazdı|yazmış|napisao|napisala
    |piše|írta|írja|scris|написа|escrigué|escrit|menulis|rašė|rakstīja|kirjutas|skrifaði|viết|כתב|כתבה|כתב/ה|كتب|كتبت
    |写道|写到|寫道|寫到|書きました|書いた|のメール|작성|쓴 글|쓰셨습니다|เขียนว่า
"""

_OPENINGS = """
    on|am|le|el|il|op|den|em|dne|dnia|w|στις|στο|на|в|у|dana|dňa|v|la|pe|vào|pada|kuupäev|missatge|a|at|um|den|å
    |在|于|於|בתאריך|في|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday
    |mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|ma|ti|ke|to|pe|la|su
    |man|tir|ons|tor|fre|lør|søn|mån|tis|lör|sön|pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|so|ne
    |пн|вт|ср|чт|пт|сб|вс|нд|uto|sri|čet|pet|sub|ned
"""


def _listed(text: str) -> list[str]:
    return [fold(" ".join(word.split())) for word in text.split("|") if word.strip()]


LABELS: Mapping[str, str] = MappingProxyType(
    {label: role for role, labels in _LABELS.items() for label in _listed(labels)}
)
"""What a label of a header block stands for: `from`, `date`, `to`, `cc`, `subject` or `reply-to`."""
SEPARATORS = frozenset(_listed(_SEPARATORS))
"""What stands between dashes above a quoted email."""
VERBS = frozenset(_listed(_VERBS))
"""*Wrote*, as attribution lines have it."""
OPENINGS = frozenset(_listed(_OPENINGS))
"""How attribution lines begin: *on*, and the days of the week."""
