"""Words that name an office rather than a person, in the languages of the market's neighbours.

They are folded, as `text.words` folds them: English, German, French, Spanish, Italian, Dutch, Swedish.
"""

from __future__ import annotations


def _folded(words: str) -> frozenset[str]:
    return frozenset(words.split())


OFFICES = _folded("""
    admin admins administrator administrateur administratrice administrador administradora
    administratore amministratore amministratrice beheerder administratoer sysadmin superadmin
    superuser webmaster sitemaster moderator moderators moderatorin moderatoren moderateur
    moderatrice moderador moderadora moderatore moderatoer customerservice customerservices
    customersupport customercare clientservice clientservices clientsupport usersupport
    kundenservice kundensupport kundenbetreuung serviceclient serviceclients serviceclientele
    supportclient supportclients atencionalcliente atencioncliente servicioalcliente
    soportealcliente servizioclienti assistenzaclienti supportoclienti klantenservice klantensupport
    kundtjanst kundservice kundsupport
""")
"""Offices that nobody is named after: they tell wherever they stand in a name."""

TELLING = _folded("""
    support supports mod mods soporte supporto helpdesk help hilfe aide
    ayuda aiuto assistenza assistance asistencia hulp hjalp ondersteuning unterstutzung stod service
    services servicio servizio kundendienst klantendienst staff team equipe equipo squadra
    mitarbeiter mitarbeiterin personnel personale medewerker medewerkers personal security
    sicherheit securite seguridad sicurezza beveiliging sakerhet trust safety billing payments
    payment zahlung verification moderation moderacion moderazione moderering administration
    official offiziell officiel officielle oficial ufficiale officieel officiell market marketplace
    marktplatz marktplaats marche mercado mercato marknad marknadsplats system root postmaster
    hostmaster noreply
""")
"""They tell that a name is an office if nothing in it is anybody's own."""

FILLING = _folded("""
    the of for and from by your our this a an der die das des den dem von
    vom fur und ihr unser le la les de du et votre notre el los las del y para su nuestro il lo gli
    di e per suo nostro het een van en voor uw ons av och din var vart customer customers client
    clients cliente clientes clienti kunden kunde kund klant klanten user users member members buyer
    seller desk center centre zentrum centro centrum department dept abteilung departement
    departamento reparto afdeling avdelning agent agents manager chief head lead senior junior
    online live chat hotline line central global international tech technical technik technique
    tecnico tecnica teknisk site website web app page forum account accounts konto compte cuenta mr
    mrs ms no reply real verified
""")
"""They make a name nobody's own either."""
