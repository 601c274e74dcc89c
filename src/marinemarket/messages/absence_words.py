"""How programs answer for people who are away, and confirm what arrived, in the languages of mailers."""

from __future__ import annotations

import re

_REPLIES = (
    # what Exchange, Outlook and others put before the subject that they answer
    r"automatic(?:ally generated)? repl(?:y|ies)|auto(?:mated|matic)?[- ]?(?:reply|response|responder|answer)",
    r"out[- ]of[- ](?:the[- ])?office[- ](?:auto)?[- ]?(?:reply|response|message)|vacation (?:reply|response|message)",
    r"automatische antwort|automatische r[üu]ckantwort|abwesenheits(?:notiz|benachrichtigung|meldung|assistent)",
    r"r[ée]ponse automatique|message d[’']absence|r[ée]ponse d[’']absence|avis d[’']absence",
    r"respuesta autom[áa]tica|contestaci[óo]n autom[áa]tica|mensaje de ausencia",
    r"risposta automatica|avviso di assenza|messaggio di assenza",
    r"automatisch(?:e)? (?:antwoord|beantwoording|reactie)|afwezigheids(?:bericht|assistent|melding)",
    r"resposta autom[áàa]tica|mensagem de aus[êe]ncia",
    r"auto(?:matiskt )?svar|frånvaro(?:meddelande)|automatisk (?:svar|besvarelse|svarmelding)|fraværs(?:melding|assistent"
    r"|besked|meddelelse)|sjálfvirkt svar",
    r"automaattinen vastaus|poissaoloviesti|automaatvastus",
    r"automatyczna odpowied[źz]|odpowied[źz] automatyczna|autoodpowied[źz]",
    r"automatick[áa] odpov[ěeď]+[dď]?|automatická odpoveď|automatikus v[áa]lasz",
    r"r[ăa]spuns automat|automatski odgovor|аутоматски одговор|samodejni odgovor|автоматичен отговор",
    r"автоматический ответ|автоответ(?:чик)?|автоматична відповідь|αυτόματη απάντηση",
    r"otomatik (?:yan[ıi]t|cevap)|automatinis atsakymas|automātiska atbilde|erantzun automatikoa",
    r"自動(?:応答|返信|回覆|答覆|回复)(?:メール)?|自动(?:答复|回复)|자동 ?(?:회신|응답|답장)",
    r"תשובה אוטומטית|מענה אוטומטי|رد تلقائي|الرد التلقائي|ตอบกลับอัตโนมัติ|trả lời tự động|balasan otomatis|स्वचालित उत्तर",
)
_ABSENCES = (
    r"out of (?:the )?office|ooo|oof|away from (?:the |my )?(?:office|mail|desk)|(?:on|annual) (?:vacation|leave|holiday)",
    r"abwesen(?:d|heit)|nicht im büro|im urlaub|außer haus",
    r"absen(?:t|ce)(?: du bureau)?|absent\(e\)|en cong[ée]s?|en vacances|hors du bureau",
    r"fuera de (?:la )?oficina|ausente|ausencia|de vacaciones|fuori (?:sede|ufficio)|assen(?:te|za)|in ferie",
    r"afwezig(?:heid)?|niet aanwezig|op vakantie|buiten kantoor|fora do escrit[óo]rio|aus[êe]n(?:te|cia)|de f[ée]rias",
    r"frånvaro|frånvarande|ej på kontoret|på semester|semester|fravær|fraværende|ikke (?:på kontoret|til stede)|på ferie"
    r"|ute av kontoret|poissa(?:olo)?|lomalla|ei paikalla",
    r"nieobecno[śs][ćc]|poza biurem|na urlopie|mimo kancel[áa][řr]|nep[řr][íi]tom(?:en|nost)|dovolen[áa]|nepr[íi]tomnos[ťt]",
    r"házon kívül|t[áa]voll[ée]t|szabads[áa]g(?:on)?|în concediu|absen[țt]ă|izvan ureda|odsutn?(?:an|ost)?|na godišnjem",
    r"вне офиса|отсутств(?:ие|ую)|в отпуске|відсутн(?:ій|я|ість)|у відпустці|εκτός γραφείου|απουσία|σε άδεια",
    r"ofis d[ıi]ş[ıi]nda|i̇?zin(?:de)?|不在(?:通知|のお知らせ)?|休暇(?:中)?|外出|休假|부재 ?중|מחוץ למשרד|خارج المكتب",
    r"(?:read|not read|gelesen|nicht gelesen|lu|non lu|le[íi]do|letto|gelezen|lida?|läst|læst|lest|luettu|przeczytano"
    r"|p[řr]e[čc]teno|olvasott|прочитано|διαβάστηκε|okundu|開封済み|已读|읽음) ?(?=[:：])",
)
REPLY_SUBJECT = re.compile(
    rf"\W*(?:(?:{'|'.join(_REPLIES)})\W*(?:[:：\]\)>–—-]|$)"
    rf"|(?:{'|'.join(_ABSENCES[:-1])}) ?[:：] ?\S|(?:auto ?: ?)?[^:]{{2,60}} is (?:currently )?out of (?:the )?office\b"
    r"|yahoo! auto response|(?:undeliver(?:able|ed)|delivery (?:status notification|failure)"
    r"|unzustellbar|non remis|no entregado) ?[:(])",
    re.IGNORECASE,
)
"""Subjects with which nobody but a program answers: the prefix of an automatic answer, mostly before ours."""
ABSENT_SUBJECT = re.compile(
    rf"(?!\w{{1,4}} ?[:：] ?)(?:[^:：]{{2,60}}\s)??\W*(?:{'|'.join(_ABSENCES)})|auto ?[:：]",
    re.IGNORECASE,
)
"""Subjects that speak of an absence or a receipt, which a person may write as well."""
CONFIRM_SUBJECT = re.compile(
    r"\W*(?:(?:please )?(?:confirm|verify) (?:that )?(?:your|you sent this|this|the) (?:e-?mail|message|sender)"
    r"|(?:sender|message) (?:verification|confirmation|authori[sz]ation) (?:is )?(?:required|needed|request)"
    r"|your (?:e-?mail|message) (?:to .{1,80} )?(?:requires|is awaiting|awaits|needs) (?:verification|confirmation"
    r"|approval|authori[sz]ation)|\[?boxbe\b|bitte bestätigen sie ihre (?:nachricht|e-?mail))",
    re.IGNORECASE,
)
"""Subjects of what asks a sender to prove that they are a person."""
AWAY = re.compile(
    r"\b(?:(?:i am|i['’]m|i will be|i['’]ll be|we are|currently) (?:currently |presently |now |away and )?(?:out of (?:the )?office"
    r"|on (?:annual |maternity |parental |sick )?(?:leave|vacation|holidays?)|away from (?:the|my) (?:office|desk)|away (?:until|from|on))"
    r"|(?:bin|sind|werde|befinde mich) .{0,60}(?:abwesend|nicht (?:im büro|erreichbar|im haus)|im urlaub|außer haus|verreist)"
    r"|(?:suis|serai|sommes) .{0,40}(?:absente?s?|en cong[ée]s?|en vacances|hors du bureau)"
    r"|(?:estoy|estar[ée]|me encuentro|estamos) .{0,40}(?:fuera|ausente|de vacaciones)"
    r"|(?:sono|sar[òo]|siamo) .{0,40}(?:fuori (?:ufficio|sede)|assente|in ferie)"
    r"|(?:ik ben|wij zijn|momenteel) .{0,40}(?:afwezig|niet (?:aanwezig|bereikbaar|op kantoor)|op vakantie|met verlof)"
    r"|(?:estou|estarei|encontro-me|estamos) .{0,40}(?:ausente|fora d[oe]|de f[ée]rias)"
    r"|jag (?:är|har) .{0,40}(?:semester|ledig|inte på (?:kontoret|plats)|föräldraledig|frånvarande|tjänsteresa)"
    r"|jeg (?:er|har|holder) .{0,40}(?:ferie|ikke (?:på kontoret|til stede)|fraværende|permisjon|ute av kontoret|bortreist)"
    r"|olen .{0,40}(?:lomalla|poissa|matkoilla|vapaalla)"
    r"|(?:jestem|będę|przebywam) .{0,40}(?:nieobecn[ay]|na urlopie|poza biurem)"
    r"|(?:jsem|budu|nejsem|som|nie som) .{0,40}(?:mimo kancel|dovolen|nep[řr][íi]tom|v kancel[áa])"
    r"|(?:szabadságon|házon kívül) |nem tartózkodom|nu sunt (?:la|în) birou|sunt .{0,30}în concediu"
    r"|(?:nisam u uredu|na godišnjem odmoru|izvan ureda))"
    r"|(?:я|сейчас|нахожусь) .{0,40}(?:в отпуске|отсутству|вне офиса|в командировке)|отсутствую|у відпустці|відсутн"
    r"|(?:είμαι|βρίσκομαι|απουσιάζω|λείπω)|(?:ofis dışında|izinde|tatilde|yıllık izin)"
    r"|不在(?:に|です|と|中|期间)|休暇|休業|外出(?:中|期)|休假|出差|度假|부재|휴가|출장|בחופשה|מחוץ למשרד|خارج المكتب|إجازة"
    r"|was read on|wurde (?:am .{0,40})?gelesen|a été lu|fue le[íi]do|è stato letto|is gelezen|foi lida",
    re.IGNORECASE,
)
"""First words of somebody who is away, or of a receipt."""
BY_ITSELF = re.compile(
    r"automatic(?:ally)? (?:generated|reply|response|message|e-?mail)|automated (?:reply|response|message|e-?mail)|auto-?reply"
    r"|this (?:mailbox|inbox) is not monitored|automatisch(?:e[rns]?)? (?:generiert|erzeugt|erstellt|antwort|nachricht|antwoord|e-?mail"
    r"|bericht|gegenereerd)|(?:réponse|message|courriel|e-?mail) automatique|généré automatiquement|(?:respuesta|mensaje|correo)"
    r" autom[áa]tic[ao]|(?:risposta|messaggio) automatic[ao]|generat[ao] automaticamente|(?:resposta|mensagem) autom[áa]tica"
    r"|automatisk(?:t)? (?:svar|meddelande|besked|melding|genere)|autosvar|automaattinen (?:vastaus|viesti)|automatyczn[aey] (?:odpowied|wiadomo)"
    r"|automatick[áéýou]+ (?:odpov|zpr[áa]v|spr[áa]v)|automatikus (?:v[áa]lasz|üzenet|értesítés)|(?:автоматическ|автоматичн)\S* (?:ответ|сообщени|уведомлени"
    r"|відповід|повідомленн)|αυτόματ\S* (?:απάντηση|μήνυμα)|otomatik (?:yan[ıi]t|cevap|mesaj)|自動(?:返信|応答|回覆|送信|配信)|自动(?:回复|答复)|자동 ?(?:회신|응답|답장|발송)"
    r"|מענה אוטומטי|הודעה אוטומטית|رد تلقائي|رسالة تلقائية",
    re.IGNORECASE,
)
"""What says that a program wrote it."""
RECEIVED = re.compile(
    r"(?:request|ticket|enquiry|inquiry|case) (?:\S+ ){0,3}(?:has been|was) (?:received|created|opened|logged)"
    r"|(?:anfrage|ticket) (?:\S+ ){0,4}(?:eingegangen|erhalten|erstellt|angelegt)"
    r"|(?:demande|ticket) (?:\S+ ){0,4}a (?:bien )?été (?:reçue?|créée?|enregistrée?)"
    r"|(?:solicitud|ticket) (?:\S+ ){0,4}ha sido (?:recibid|cread)[oa]"
    r"|(?:richiesta|ticket) (?:\S+ ){0,4}è stat[oa] (?:ricevut|cread|creat|apert)[oa]"
    r"|(?:verzoek|ticket) (?:\S+ ){0,4}(?:is|werd) (?:ontvangen|aangemaakt)"
    r"|(?:solicitação|pedido|ticket) (?:\S+ ){0,4}foi (?:recebid|criad)[oa]"
    r"|(?:ärende|sag|sak) (?:\S+ ){0,4}(?:har|er) (?:mottagits|skapats|modtaget|oprettet|mottatt|opprettet)"
    r"|(?:zgłoszenie|zapytanie) (?:\S+ ){0,4}zostało (?:przyjęte|utworzone|zarejestrowane)"
    r"|(?:заявка|запрос|обращение) (?:\S+ ){0,4}(?:принят|создан|зарегистрирован)[ао]?",
    re.IGNORECASE,
)
"""What a help desk answers by itself, with the number of a ticket, before its people do."""
