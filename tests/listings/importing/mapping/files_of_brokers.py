"""Files of made-up brokers, as their programs write them, and what their columns hold."""

# ruff: noqa: E501

from __future__ import annotations

from typing import NamedTuple


class BrokersFile(NamedTuple):
    """A file, and for each column the field that it holds with its unit, or ``-``; and what is asked."""

    text: str
    columns: str
    questions: tuple[str, ...] = ()
    separator: str = ","


FILES = (
    # en
    BrokersFile(
        """ListingID,BoatMake,BoatModel,ModelYear,LengthFeet,BeamFeet,DraftMaxFeet,DryWeightLbs,EngineMake,EngineModel,EngineHP,EngineHours,NumEngines,FuelType,HullMaterial,PriceUSD,City,State,Zip,Country,Status,Comments,ImageURLs,SalesPerson
88,Boston Whaler,Outrage 280,2016,28.2,9.3,2,6500,Mercury,Verado 300,300,410,2,Gas,Fiberglass,129900,Stuart,FL,34994,US,Active,Great fishing boat,http://i.com/1.jpg;http://i.com/2.jpg,Bob
89,Grady-White,Freedom 275,2018,26.9,8.5,1.7,5400,Yamaha,F300,300,200,2,Gas,Fiberglass,0,Annapolis,MD,21403,US,Sale Pending,Clean,,Ann
""",
        "reference maker model year length:ft beam:ft draft:ft displacement:lb engineMaker engineModel "
        "enginePower:hp hours engineCount fuel hullMaterial price:USD city state zipCode country status "
        "description images -",
        ("type",),
    ),
    # en
    BrokersFile(
        """id|brand|type|category|yob|l|b|d|engine|power_kw|price|vat|lying|url|img1|img2
7|Dehler|38 SQ|Sailing yacht|2019|11.4|3.75|2.2|Volvo D2|29|EUR 239,000|paid|Neustadt, Germany|http://x.de/7|http://x.de/a.jpg|http://x.de/b.jpg
8|Linssen|40.9 AC|Motor yacht|2008|12.85|4.30|1.2|2x Volvo|110|EUR 265,000|paid|Heeg, The Netherlands|http://x.de/8|http://x.de/c.jpg|
""",
        "reference maker model type year length beam draft engine enginePower:kW price detail place - "
        "images images",
        ("lengthUnit",),
        separator="|",
    ),
    # en
    BrokersFile(
        """Vessel Name,Builder,Length Overall,Built,Asking Price,Location,Broker,Broker Email,Commission %,Condition,Draught,Berths,Engine(s),Remarks
Windsong,Westerly,32',1984,"£24,950",Lymington,J. Smith,j@x.co.uk,8,Good,4'9",6,Volvo MD17,New sails 2019. A lovely boat with many new things.
Sea Fever,Moody,38 ft,1990,"£49,950 ono",Plymouth,A. Doe,a@x.co.uk,8,Very good,5'0",7,Thornycroft 50hp,Well cared for cruising yacht in commission.
""",
        "- maker loa year price place - - - condition draft berths engine description",
        ("country", "type"),
    ),
    # es
    BrokersFile(
        """Marca;Modelo;Año;Eslora (m);Manga (m);Precio (€);Provincia;Puerto;País;Tipo;Motorización;Potencia (CV);Horas motor;Combustible;Camarotes;Plazas noche;Observaciones;Fotos
Astinor;1150;2004;11,5;3,9;89000;Baleares;Alcudia;España;Barco a motor;2 x Volvo D4;225;1100;Diésel;2;6;Muy cuidado;
""",
        "maker model year length:m beam:m price:EUR region city country type engine enginePower:PS hours "
        "fuel cabins berths description images",
        separator=";",
    ),
    # de
    BrokersFile(
        """Nr.;Bezeichnung;Werft;Bj.;LüA;Büa;TG;VK-Preis;Whg;Liegeplatz;Bh;Antrieb;Zustand;Kojen;WC;EK-Preis;Notizen
1;Hallberg-Rassy 352;Hallberg-Rassy;1984;10,54;3,38;1,65;79000;EUR;Flensburg;3200;Volvo Penta 2003;gut;6;1;60000;Kunde zahlt spät
2;Sealine S34;Sealine;2003;10,96;3,49;0,94;99.000;EUR;Heiligenhafen;700;2x Volvo;sehr gepflegt;4;1;80000;
""",
        "reference title maker year loa beam draft price currency place hours engine condition berths "
        "heads - -",
        ("country", "type"),
        separator=";",
    ),
    # de
    BrokersFile(
        """Zu verkaufen;Länge;Breite;Gewicht;Jahr;Ort;Preis
Jolle 470;4,70;1,68;120;1999;Berlin;1.500 €
Folkeboot;7,64;2,20;1930;1975;Kiel;VB 6.900 €
""",
        "title length beam displacement:kg year city price",
        ("country", "type"),
        separator=";",
    ),
    # fr
    BrokersFile(
        """Annonce,Type de bateau,Longueur,Prix,Localisation,Lat,Long,Photos
"Bénéteau Océanis 331","Voilier monocoque","10,35 m","49 900 € TTC","La Rochelle, France",46.15,-1.15,"a.jpg, b.jpg"
"Lagoon 380 S2","Catamaran","11,55 m","155 000 € HT","Le Marin, Martinique",14.46,-60.87,"c.jpg"
""",
        "title type length price place latitude longitude images",
    ),
    # fi
    BrokersFile(
        """Veneen merkki;Malli;Vuosimalli;Pituus;Leveys;Moottori;Käyttötunnit;Hinta;Sijainti;Kunto
Yamarin;63 DC;2015;6,25;2,37;Yamaha F150;320;34 900 €;Turku;Hyvä
Bella;700;2008;7,0;2,5;Mercury 150;500;Kysy hintaa;Helsinki;Erinomainen
""",
        "maker model year length beam engine hours price place condition",
        ("country", "type"),
        separator=";",
    ),
    # pl
    BrokersFile(
        """Marka;Model;Rok budowy;Długość [m];Szerokość [m];Zanurzenie [m];Cena [PLN];Silnik;Moc [KM];Motogodziny;Lokalizacja;Rodzaj;Opis;Stan
Sunhorse;25;2012;7,5;2,8;0,4;95 000;Honda;10;120;Giżycko;Jacht żaglowy;Łódź zadbana;bardzo dobry
""",
        "maker model year length:m beam:m draft:m price:PLN engine enginePower:PS hours place type "
        "description condition",
        ("country",),
        separator=";",
    ),
    # en
    BrokersFile(
        """Make & Model,Yr,Size,$,Where,Motor,Notes
Catalina 30,1985,30',"14,500","Rock Hall, MD",Universal 25,needs varnish
Hunter 36,2005,36',"69,900","Deale, MD",Yanmar 3YM30,clean
""",
        "makerModel year length price:USD place engine description",
        ("type",),
    ),
    # en
    BrokersFile(
        """boat_id,title,price,currency,length_ft,length_m,year,location_city,location_country,lat,lng,description,image_1,image_2,created_at,is_sold
1,2012 Sea Ray 310,110000,USD,31,9.45,2012,Sarasota,United States,27.33,-82.53,<p>Nice</p>,http://a/1.jpg,,2024-01-01,no
2,Jeanneau 42 DS,145000,EUR,41.5,12.65,2008,Palma,Spain,39.57,2.65,<p>ok</p>,http://a/2.jpg,,2024-01-01,yes
""",
        "reference title price currency length:ft length:m year city country latitude longitude "
        "description images images - status",
        ("type",),
    ),
    # de
    BrokersFile(
        """Typ;Hersteller;Länge;Breite;Lat;Lon;Preis;Jahr
Segelboot;Dehler;9,5;3,1;54.3;10.1;35000;1995
Motorboot;Bayliner;7,5;2,6;53.5;9.9;19000;2001
""",
        "type maker length beam latitude longitude price year",
        ("country", "currency"),
        separator=";",
    ),
    # de
    BrokersFile(
        """Hersteller;Modell;Breite;Länge;Preis;Bootslänge
Dehler;34;54.3233;10.1394;35000;10,2
Bavaria;38;53.5511;9.9937;69000;11,9
""",
        "maker model latitude longitude price length",
        ("country", "currency", "type"),
        separator=";",
    ),
    # fr
    BrokersFile(
        """Vitrine;Bateau;An;Long.;Larg.;T.E.;Prix HT;Port;Etat;Nb cabines;Nb couchages;Surface voile;Gréement
oui;Dufour 40e;2012;12,35;3,89;2,1;110000;Hyères;Bon;3;6;85;Sloop
non;Pogo 30;2014;9,14;3,7;2,5;95000;Lorient;TBE;2;6;67;Sloop
""",
        "- title year length beam draft price city condition cabins berths detail detail",
        ("country", "currency", "type"),
        separator=";",
    ),
    # en
    BrokersFile(
        """Column 1,Column 2,Column 3,Column 4,Column 5
Bavaria 37,2015,"€ 89,000",Kappeln Germany,http://x/1.jpg
Hanse 40,2012,"€ 99,000",Kiel Germany,http://x/2.jpg
""",
        "makerModel year price - images",
        ("country", "type"),
    ),
    # en
    BrokersFile(
        """LOA,LWL,Beam,Draft (min),Draft (max),Displ.,Ballast,Sail Area,Builder,Designer,Year,Price
11.99,10.6,3.9,1.6,2.1,7200,2300,82,X-Yachts,Niels Jeppesen,2005,"€175,000"
10.4,9.0,3.3,1.5,1.9,5000,1900,61,Dehler,Judel/Vrolijk,2001,"€65,000"
""",
        "loa detail beam detail draft displacement:kg detail detail maker detail year price",
        ("lengthUnit", "country", "type"),
    ),
    # hr
    BrokersFile(
        """Tip;Proizvođač;Model;Godina;Duljina;Širina;Gaz;Motor;Snaga;Cijena;Luka;Opis
Jedrilica;Elan;31;1990;9,4;3,1;1,7;Volvo;18 KS;22.000 €;Split;Odlično stanje
""",
        "type maker model year length beam draft engine enginePower:PS price city description",
        ("country",),
        separator=";",
    ),
    # el
    BrokersFile(
        """Κατασκευαστής;Μοντέλο;Έτος;Μήκος;Πλάτος;Τιμή;Περιοχή;Μηχανή
Bavaria;46;2006;14,4;4,35;95.000 €;Λευκάδα;Volvo 75hp
""",
        "maker model year length beam price region engine",
        ("country", "type"),
        separator=";",
    ),
    # tr
    BrokersFile(
        """Tekne;Marka;Model;Yıl;Boy;En;Fiyat;Konum;Motor;Açıklama
Gulet Yıldız;Bodrum;Gulet;1998;18,5;5,4;250.000 €;Bodrum, Türkiye;Iveco 2x150;Bakımlı tekne
""",
        "title maker model year length beam price place engine description",
        ("type",),
        separator=";",
    ),
    # da
    BrokersFile(
        """Fabrikat;Model;Årgang;Længde;Bredde;Dybgang;Motor;Motortimer;Pris;Beliggenhed;Beskrivelse;Stand
X-Yachts;X-332;1996;10,06;3,30;1,8;Volvo MD2020;1200;495.000 kr.;Aarhus;Flot båd;God
Nidelv;24;2010;7,3;2,6;0,6;Yanmar;300;Ring for pris;Svendborg;;Som ny
""",
        "maker model year length beam draft engine hours price place description condition",
        ("country", "type"),
        separator=";",
    ),
    # nb
    BrokersFile(
        """Merke,Modell,Årsmodell,Lengde (fot),Bredde,Motor,Hk,Gangtid,Pris (kr),Sted,Tilstand
Nidelv,26 Classic,2007,26,2.9,Yanmar,75,600,"449 000",Bergen,Meget god
Windy,37 Grand Mistral,2002,37,3.4,Volvo,260,900,"1 190 000",Oslo,God
""",
        "maker model year length:ft beam:m engine enginePower:PS hours price city condition",
        ("country", "currency", "type"),
    ),
    # en
    BrokersFile(
        """Unit,Boat Class,Boat Manufacturer,Model No,Model Year,Nominal Length,Hull ID,Retail Price,Internet Price,New/Used,Engine Brand,Total Engine Power,Engine Type,Fuel,Color,Trailer,Dealer Name,Dealer City,Dealer State,Boat City Name,Boat State Code,Additional Detail Description,Images
A12,Bowrider,Chaparral,21 H2O,2019,21,FGB12345A919,"$39,995","$36,995",Used,MerCruiser,250,Sterndrive,Gas,Red,Yes,Bob's Marine,Tampa,FL,Clearwater,FL,A nice bowrider with a trailer and low hours for the season,http://x/a.jpg|http://x/b.jpg
A13,Pontoon,Bennington,22 SSX,2021,22,ETW98765B121,"$54,995","$52,995",New,Yamaha,150,Outboard,Gas,Blue,No,Bob's Marine,Tampa,FL,Clearwater,FL,New pontoon ready for the lake and family fun this summer,http://x/c.jpg
""",
        "- type maker model year length hin price - usage engineMaker enginePower:hp engineModel fuel "
        "detail detail - - - city state description images",
        ("lengthUnit",),
    ),
    # fr
    BrokersFile(
        """Nom du bateau;Chantier;Type;Année de construction;Long. HT;Bau;Tirant d'eau;Déplacement (kg);Prix;Lieu de visite;Architecte;Voiles;Moteur;Puissance (CV);Nb d'heures;Eau (L);Gasoil (L);Descriptif;Contact;Tél
Etoile;Amel;Super Maramu;1998;16,00;4,60;2,05;16000;235 000 €;Grenade, Antilles;H. Amel;GV, génois;Volvo;78;6500;1000;600;Ketch de grand voyage très bien entretenu par son propriétaire.;M. Dupont;0612345678
""",
        "- maker model year length beam draft displacement:kg price place detail detail engine "
        "enginePower:PS hours detail detail description - -",
        ("type",),
        separator=";",
    ),
    # en
    BrokersFile(
        """Ref,Yacht,LOA m,LOA ft,Year,Builder,Guests,Cabins,Crew,Asking Price EUR,Location,Brochure
MY1,LADY A,34.5,113'2",2008,Sanlorenzo,10,5,6,"7,900,000","Antibes, France",http://x/y.pdf
MY2,SEA B,42,137'10",2012,Benetti,12,6,8,P.O.A.,"Viareggio, Italy",
""",
        "reference - loa:m loa:ft year maker berths cabins detail price:EUR place -",
        ("type",),
    ),
    # pl
    BrokersFile(
        """KOD;MARKA;MODEL;ROK;DŁUGOŚĆ;CENA;WALUTA;MIASTO;OPIS;ZDJĘCIA
1;Janmor;25;2010;7,5;65000;PLN;Węgorzewo;Jacht mazurski z silnikiem Honda i pełnym wyposażeniem.;http://a.pl/1.jpg
""",
        "reference maker model year length price currency city description images",
        ("country", "type"),
        separator=";",
    ),
    # nl
    BrokersFile(
        """Boot,Bouwjaar,Afmetingen,Prijs,Ligplaats
"Valkkruiser 12.50 AK",1994,"12,50 x 3,90 x 1,20 m","€ 139.000","Sneek"
"Boarncruiser 40",2003,"12,30 x 4,05 x 1,10 m","€ 195.000","Terherne"
""",
        "title year dimensions price city",
        ("country", "type"),
    ),
    # sv
    BrokersFile(
        """Båt;Årsmodell;Längd x Bredd;Motor;Pris kr;Plats
Nimbus 26 Nova;1998;8,1 x 2,8;Volvo 200 hk;345000;Stockholm
""",
        "title year dimensions engine price place",
        ("country", "currency", "type"),
        separator=";",
    ),
    # en
    BrokersFile(
        """Title,Price,Year,Make,Model,Length,Category,Condition,Location,Phone,Description
"22' Sea Hunt Ultra 225","$38,500",2015,Sea Hunt,Ultra 225,22 ft,Center Console,Used - Excellent,"Charleston, South Carolina",843,"Great boat, low hours, always lift kept and serviced."
"Hobie 16","$1,900",1995,Hobie,16,16 ft,Catamaran,Used - Fair,"Beaufort, South Carolina",843,"Old cat with trailer, sails are crispy enough to use."
""",
        "title price year maker model length type condition place - description",
    ),
    # it
    BrokersFile(
        """Tipo Barca;Cantiere/Modello;Anno;L.f.t. (m);Larg. (m);Motori;Ore;Prezzo Euro;IVA;Visibile a;Note
Gommone;Zodiac Medline 580;2016;5,80;2,50;Yamaha 130 CV;220;27.000;assolta;Rapallo (GE);Carrello incluso
Vela;Grand Soleil 40;2002;11,95;3,75;Volvo 55 CV;1900;98.000;assolta;Ravenna;
""",
        "type makerModel year loa:m beam:m engine hours price:EUR detail place description",
        separator=";",
    ),
    # es
    BrokersFile(
        """Barco;Matrícula;Eslora;Manga;Año;Motor;Precio venta;Amarre;Dueño;Teléfono
Bavaria 38;7ª BA-3;11,99;3,89;2005;Volvo 40cv;62.000;Port Ginesta, Barcelona;Juan;600
""",
        "title - length beam year engine price place - -",
        ("country", "currency", "type"),
        separator=";",
    ),
    # en
    BrokersFile(
        """Item,Make/Model,Feet,Inches,Year,Price,City / State
1,"Four Winns H210",21,4,2012,24900,"Erie / PA"
2,"Regal 2300",23,0,2015,41900,"Buffalo / NY"
""",
        "reference makerModel length:ft length:in year price place",
        ("currency", "type"),
    ),
    # de
    BrokersFile(
        """Kategorie,Marke,Modell,Erstzulassung,Länge (cm),Breite (cm),Gewicht (kg),Leistung (kW),Treibstoff,Standort,Preis CHF,Neu/Gebraucht
Motorboot,Frauscher,686 Lido,06/2008,686,220,1450,170,Benzin,6300 Zug,48'000.-,Occasion
Segelboot,Saphire,27,2012,830,249,1250,,Elektro,8700 Küsnacht ZH,85'000.-,Occasion
""",
        "type maker model year length:cm beam:cm displacement:kg enginePower:kW fuel place price:CHF "
        "usage",
        ("country",),
    ),
    # en
    BrokersFile(
        """yacht_type,yacht_make,yacht_model,built,length_overall_m,max_draft_m,displacement_t,engines_n,hp_each,engine_hrs,location,asking_eur,under_offer,photos
sail,Najad,380,2001,11.55,1.9,9.5,1,55,2900,Ellös Sweden,169000,no,http://a/1.jpg http://a/2.jpg
motor,Grand Banks,42,1998,12.8,1.27,17,2,210,3300,Palma Spain,220000,yes,http://a/3.jpg
""",
        "type maker model year loa:m draft:m displacement:t engineCount enginePower:hp hours place "
        "price:EUR underOffer images",
    ),
    # de
    BrokersFile(
        """Hersteller;Modell;Typ;Länge in m;Breite in m;Baujahr;Motor;Motorleistung in PS;Preis in EUR;Land;Ort;PLZ;Bild1;Bild2;Bild3;Ausstattung
Bavaria;29 Sport;Daycruiser;8,80;2,99;2012;Volvo Penta;320;69900;Deutschland;Konstanz;78462;http://a/1.jpg;http://a/2.jpg;;Bugstrahlruder, Heizung, Radio, Teak
""",
        "maker model type length:m beam:m year engine enginePower:PS price:EUR country city zipCode "
        "images images images features",
        separator=";",
    ),
    # sv
    BrokersFile(
        """Produkt;Beskrivning;Pris;Lager;Årsmodell;Skick
"Yamarin 56 BR";"Bowrider med Yamaha F115, lågt antal timmar, mycket fint skick";"329 000 kr";"1";2018;Begagnad
""",
        "makerModel description price - year usage",
        ("country", "type"),
        separator=";",
    ),
)  # fmt: skip
