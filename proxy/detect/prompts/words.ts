/**
 * Words of override attempts by language, folded (lower case, no Latin marks). `*` at the end: a stem, anything may follow.
 * `forget` takes instructions away, `before` says which, `rules` is what is taken away; all three (or two that leave no doubt) within
 * one clause make an override in any word order, so the same rule serves languages with the verb at the end.
 * `reveal` and `hidden` ask for the system prompt; `remove`, `every` and `asset` ask for destruction.
 */
export interface Language {
  forget: string;
  before: string;
  rules: string;
  reveal?: string;
  hidden?: string;
  remove?: string;
  every?: string;
  asset?: string;
}

export const LANGUAGES: Record<string, Language> = {
  en: {
    forget:
      'ignore|ignoring|disregard*|forget|forgetting|neglect|override|overrule|overwrite your|bypass|dismiss|discard|pay no attention|do not follow|don\'t follow|dont follow|stop following|stop obeying|do not obey|don\'t obey|no longer follow|no longer bound|not bound by|set aside|throw away|throw out|never mind|nevermind|cancel|abandon|circumvent|supersede*|void|nullify|do away with|leave behind|put aside|skip over|unlearn|invalidate|free from|freed from|free of|released from',
    before:
      'previous|previously|prior|above|earlier|preceding|former|foregoing|past|original|initial|all your|your|you were given|you\'ve been given|you have been given|you were told|you got|you received|told you|gave you|given to you|so far|system|before this|before|up to now|until now|all the|all of the|all these|any and all|all|any|every|everything|developer|openai*|existing|current|built-in|preset|safety|ethical',
    rules:
      'instruction*|prompt*|directive*|guideline*|guidance|command*|order|orders|rule|rules|restriction*|constraint*|limitation*|context|polic*|programming|training|protocol*|safeguard*|guardrail*|filter*|request*|assignment*|task|tasks|information|what i said|what you were told|what was said|conversation*|message*|everything|text|told|safety measure*|moderation|settings|configuration',
    reveal:
      'reveal|show|print|output|display|repeat|tell me|give me|disclose|expose|leak|spell out|write out|write down|recite|return|share|dump|echo|copy|paste|what is|what are|what was|what were|what\'s|summari*|translate|reproduce|list|read out|read me|state|report|describe|say|type out|provide',
    hidden:
      'your system prompt*|your prompt*|your initial prompt*|initial prompt*|hidden prompt*|secret prompt*|your original prompt*|your instruction*|your initial instruction*|your original instruction*|your hidden instruction*|your system instruction*|your full instruction*|hidden instruction*|secret instruction*|your system message*|your guideline*|your hidden*|your directives|pre-prompt|preprompt|your developer message*|your previous instruction*|your internal instruction*|your internal prompt*|your confidential*|your entire prompt*|your full prompt*|your complete prompt*|entire system prompt*|full system prompt*|complete system prompt*|above prompt*|your exact instruction*|your custom instruction*|your current instruction*|your pre-prompt|your base prompt',
  },
  de: {
    forget: 'ignorier*|hore nicht auf|hor nicht auf|vergiss|vergessen sie|vergesse|vergesst|missacht*|beachte nicht|verwirf|verwerfe|umgeh*|uberschreib*|ubergeh*|lass alle|lasse alle|halte dich nicht|nicht mehr beachten|nicht befolg*|keine beachtung|setze dich hinweg',
    before: 'vorherig*|vorig*|bisherig*|fruher*|obig*|oben|vorangegangen*|vorhergehend*|davor|zuvor|alle|alles|deine|deiner|ihre|deinen|system*|ursprunglich*|sonstig*|bestehend*|jegliche|samtliche|vorgegeben*',
    rules: 'anweisung*|instruktion*|befehl*|regel*|vorgabe*|richtlinie*|aufforderung*|prompt*|auftrag*|auftrage|aufgaben*|einschrankung*|beschrankung*|kontext|anordnung*|sicherheitsvorkehrung*|information*|gesagt*|schritte|eingabe*|nachricht*|konversation*|alles',
    reveal: 'zeig*|nenne|verrate|gib mir|gib deine|gib den|gib die|offenbar*|drucke|wiederhole|wie lautet|wie lauten|was ist dein|was sind deine|was war|sage mir|schreib*|teile mir|ausgeben|ausgabe',
    hidden: 'system-prompt*|systemprompt*|system prompt*|deine anweisung*|deinen prompt|dein prompt|deine prompt*|deiner prompt*|ursprunglichen anweisung*|versteckten anweisung*|geheimen anweisung*|systemnachricht*|systemanweisung*|anfangsanweisung*|initiale* anweisung*|prompt text*|prompttext*|deine instruktion*|deine initialen|obigen anweisung*|kompletten prompt*|promptanweisung*',
    remove: 'losch*|entfern*|vernicht*|zerstor*|formatier*|leere',
    every: 'alle|alles|sämtliche|samtliche|gesamte*|komplette*|ganze*|jede*',
    asset: 'datenbank*|kundendaten|kunden|datensatze|sicherung*|backup*|produktion*|server*|festplatte*|benutzerkonten|nutzerdaten|konten',
  },
  es: {
    forget: 'ignora*|olvida*|olvide*|haz caso omiso|hagas caso|no hagas caso|haga caso omiso|descarta*|desestima*|omite|omitir|omita|anula*|deja de lado|desobedece*|elude|no sigas|saltate|pasa por alto|prescinde*|dejar de seguir|desecha*',
    before: 'anterior*|previ*|precedent*|de arriba|arriba|todas|todo lo|todo|tus|sus|original*|inicial*|sistema|cualquier*|recibid*|hasta ahora|antes|dadas|demas',
    rules: 'instruccion*|indicacion*|orden|ordenes|regla*|directriz|directrices|directiva*|prompt*|restriccion*|limitacion*|mandato*|norma*|comando*|politica*|contexto|pautas|lo que te|mensaje*|lo anterior',
    reveal: 'revela*|muestra*|muestre|dime|imprime|repite|ensena*|cual es tu|cuales son tus|cual era|escribe|divulga|dame|comparte|proporciona',
    hidden: 'prompt del sistema|mensaje del sistema|prompt de sistema|instrucciones del sistema|tu prompt|tus instrucciones|instrucciones iniciales|instrucciones ocultas|instrucciones secretas|prompt inicial|instrucciones originales|instrucciones internas|prompt original|indicaciones del sistema',
    remove: 'borra*|borre*|elimina*|elimine*|suprim*|destruye|destruir|formatea*|vacia|vaciar',
    every: 'todo|todos|toda|todas|entera|entero|por completo|completamente',
    asset: 'base de datos|bases de datos|clientes|registros|produccion|copias de seguridad|servidor*|disco|usuarios|respaldo*|cuentas',
  },
  fr: {
    forget: 'ignore*|oublie*|ne tiens pas compte|ne tenez pas compte|ne tenez plus compte|ne tiens plus compte|fais abstraction|faites abstraction|neglige*|outrepass*|contourn*|passe outre|passez outre|ne suis pas|ne suis plus|ne suivez pas|ne respecte pas|annule*|ecarte*|laisse tomber|meprise*|fais fi',
    before: 'precedent*|anterieur*|ci-dessus|au-dessus|toutes|tous|tout ce|tes|vos|initial*|original*|d\'origine|systeme|recues|donnees|avant|jusqu\'ici|jusqu\'a present|prealable*',
    rules: 'instruction*|consigne*|directive*|regle*|ordre|ordres|commande*|prompt*|restriction*|contrainte*|limitation*|contexte|indications|invite*|ce qui precede|message*|dit',
    reveal: 'revele*|montre*|affiche*|dis-moi|dites-moi|repete*|imprime*|donne-moi|donnez-moi|quel est ton|quelles sont tes|quelles sont vos|quel est votre|ecris|divulgue*|partage*',
    hidden: 'prompt systeme|invite systeme|message systeme|instructions systeme|ton prompt|votre prompt|tes instructions|vos instructions|instructions initiales|instructions cachees|instructions secretes|prompt initial|instructions d\'origine|consignes initiales|tes consignes|vos consignes|instructions internes|prompt de depart|consignes systeme',
    remove: 'supprime*|efface*|detrui*|formate*|vide|videz|purge*',
    every: 'toutes|tous|toute|tout|entier*|entiere*|totalite|integralite',
    asset: 'base de donnees|bases de donnees|clients|enregistrements|production|sauvegardes|serveur*|disque|utilisateurs|comptes|donnees',
  },
  it: {
    forget: 'ignora*|dimentica*|non considerare|non tenere conto|trascura*|scarta|annulla|aggira|disattendi|non seguire|scordati|tralascia|bypassa|disobbedisci',
    before: 'precedent*|sopra|di cui sopra|tutte|tutti|tutto|tue|tuoi|vostre|iniziali|iniziale|originali|originale|sistema|ricevut*|finora|prima|anterior*|qualsiasi',
    rules: 'istruzion*|regol*|direttiv*|comand*|ordin*|prompt*|indicazion*|restrizion*|limitazion*|linee guida|contesto|vincol*|messaggi*|quanto detto',
    reveal: 'rivela*|mostra*|dimmi|stampa|ripeti|qual e il tuo|quali sono le tue|scrivi|dammi|divulga|condividi',
    hidden: 'prompt di sistema|prompt del sistema|messaggio di sistema|istruzioni di sistema|il tuo prompt|tue istruzioni|istruzioni iniziali|istruzioni nascoste|istruzioni segrete|prompt iniziale|istruzioni originali',
    remove: 'cancella*|elimina*|distrugg*|formatta*|svuota*',
    every: 'tutto|tutti|tutte|tutta|interamente|intero|intera|completamente',
    asset: 'database|clienti|record|produzione|backup|server|disco|utenti|account',
  },
  pt: {
    forget: 'ignor*|esque*|desconsider*|desconsidere|despreze|descarte|descarta|anule|anula|nao siga|nao sigas|deixe de lado|contorne|burle|desobedeca|nao leve em conta|pare de seguir|abandone',
    before: 'anterior*|previa*|previo*|acima|precedente*|todas|todos|tudo|suas|seus|tuas|original*|iniciais|inicial|sistema|ate agora|recebid*|qualquer|quaisquer|antes',
    rules: 'instruc*|instrucoes|instrucao|ordens|ordem|regra*|diretriz*|diretrizes|comando*|prompt*|restric*|restricoes|limitac*|orientac*|contexto|politica*|mensage*|foi dito',
    reveal: 'revel*|mostr*|diga-me|me diga|imprim*|repit*|qual e o seu|quais sao as suas|quais sao suas|escrev*|divulg*|exib*|me de|compartilh*',
    hidden: 'prompt do sistema|prompt de sistema|mensagem do sistema|instrucoes do sistema|seu prompt|suas instrucoes|instrucoes iniciais|instrucoes ocultas|instrucoes secretas|prompt inicial|instrucoes originais|tuas instrucoes|instrucoes internas',
    remove: 'apag*|exclu*|delete|deletar|elimin*|destru*|formate|formatar',
    every: 'todo|todos|toda|todas|tudo|inteiro|inteira|completamente',
    asset: 'banco de dados|base de dados|clientes|registros|producao|backups|servidor*|disco|usuarios|contas',
  },
  nl: {
    forget: 'negeer*|vergeet|negeren|vergeten|sla over|trek je niets aan|let niet op|omzeil*|overschrijf|volg niet|schend',
    before: 'vorige|voorgaande|eerdere|bovenstaande|hierboven|alle|je|jouw|uw|oorspronkelijke|systeem*|alles|tot nu toe|daarvoor|voorafgaande|initiele|bovengenoemde',
    rules: 'instructie*|opdracht*|regel|regels|richtlijn*|prompt*|bevel*|beperking*|aanwijzing*|context|commando*|berichten|gezegd',
    reveal: 'toon|onthul*|laat zien|geef mij|geef me|print|herhaal|vertel me|wat is je|wat zijn je|schrijf',
    hidden: 'systeemprompt*|systeem prompt*|system prompt|systeeminstructie*|je prompt|jouw prompt|je instructies|jouw instructies|oorspronkelijke instructie*|verborgen instructie*|geheime instructie*',
    remove: 'verwijder*|wis|vernietig*|formatteer',
    every: 'alle|alles|hele|gehele|volledig*',
    asset: 'database*|klanten*|klantgegevens|productie*|back-ups|backups|server*|schijf|gebruikers*|accounts',
  },
  pl: {
    forget: 'zignoruj*|ignoruj*|zapomnij*|pomin|pomijaj|nie zwracaj uwagi|nie stosuj|odrzuc|obejdz|lekcewaz|nie przestrzegaj|porzuc|anuluj',
    before: 'poprzedni*|wczesniejsz*|powyzsz*|wszystki*|wszelkie|swoje|twoje|pierwotn*|systemow*|dotychczasow*|uprzedni*|wczesniej',
    rules: 'instrukcj*|polece*|zasad*|regul*|wytyczn*|prompt*|rozkaz*|ograniczen*|dyrektyw*|kontekst*|wskazow*',
    reveal: 'ujawnij|pokaz|wyswietl|powtorz|podaj|wypisz|jaki jest twoj|jakie sa twoje|zdradz|wydrukuj|napisz',
    hidden: 'prompt systemow*|prompta systemow*|promptu systemow*|monit systemow*|instrukcje systemow*|twoj prompt|swoj prompt|twoje instrukcje|swoje instrukcje|poczatkowe instrukcje|ukryte instrukcje|komunikat systemow*',
    remove: 'usun*|skasuj|wymaz|zniszcz|sformatuj',
    every: 'wszystki*|caly|cala|cale|calkowicie',
    asset: 'baze danych|bazy danych|klient*|rekordy|produkcj*|kopie zapasowe|serwer*|dysk|uzytkownik*|konta',
  },
  cs: { forget: 'ignoruj*|zapomen*|nedbej|prehlizej|nevsimej si|preskoc|opomen*|zrus|neres', before: 'predchoz*|predesl*|vyse|vsechn*|sve|tve|puvodni*|systemov*|drivejsi*|dosavadni*', rules: 'instrukc*|pokyn*|prikaz*|pravidl*|smernic*|prompt*|omezeni*|kontext*', reveal: 'ukaz*|odhal*|vypis*|zobraz*|zopakuj*|rekni|prozrad*|napis', hidden: 'systemovy prompt|systemove pokyn*|systemove instrukc*|svuj prompt|tve pokyny|sve pokyny|puvodni pokyny|skryte pokyny|pocatecni pokyn*' },
  ro: { forget: 'ignora*|uita*|nu lua in considerare|nesocot*|omite|treci peste|neglijeaza|anuleaza|renunta', before: 'anterioar*|precedent*|de mai sus|toate|tale|initial*|original*|sistem*|primite|dinainte', rules: 'instructiun*|reguli*|comenzi*|comenzile|ordine*|directiv*|prompt*|restrictii*|indicati*|context*', reveal: 'arata*|dezvaluie|afiseaza|spune-mi|repeta|scrie|tipareste|care este|care sunt', hidden: 'promptul de sistem|prompt de sistem|promptul sistemului|instructiunile de sistem|promptul tau|instructiunile tale|instructiunile initiale|instructiuni ascunse|mesajul de sistem' },
  sv: { forget: 'ignorera*|glom*|strunta i|bortse|bortse fran|asidosatt*|folj inte|hoppa over|forbise', before: 'tidigare|foregaende|ovanstaende|ovan|alla|dina|ursprunglig*|system*|allt|hittills|innan', rules: 'instruktion*|regler*|regel|order|riktlinj*|prompt*|begransning*|kommando*|direktiv*|anvisning*|kontext*|sagt|sagts', reveal: 'visa*|avsloja*|skriv ut|skriv|upprepa*|beratta*|vad ar din|vilka ar dina|ge mig', hidden: 'systemprompt*|system prompt*|din prompt|dina instruktion*|ursprungliga instruktion*|dolda instruktion*|hemliga instruktion*|systeminstruktion*|systemmeddeland*', remove: 'radera*|ta bort|forstor*|formatera', every: 'alla|allt|hela|samtliga', asset: 'databas*|kund*|produktion*|sakerhetskopior*|server*|disk*|konton|anvandar*' },
  da: { forget: 'ignorer*|glem*|se bort fra|tilsidesaet*|folg ikke|overse|underkend', before: 'tidligere|foregaende|ovenstaende|alle|dine|oprindelig*|system*|forrige|alt|hidtidig*', rules: 'instruks*|instruktion*|regler*|ordrer|retningslinj*|prompt*|begraensning*|kommando*|anvisning*|instrukser|sagt', reveal: 'vis*|afslor*|udskriv|gentag|fortael mig|hvad er din|skriv|giv mig', hidden: 'systemprompt*|system prompt*|din prompt|dine instruktion*|dine instruks*|oprindelige instruks*|skjulte instruks*|systembesked*', remove: 'slet*|fjern*|odelaeg*|formater', every: 'alle|alt|hele|samtlige', asset: 'database*|kunde*|produktion*|sikkerhedskopi*|server*|disk*|konti' },
  no: { forget: 'ignorer*|glem*|se bort fra|overse|tilsidesett*|ikke folg', before: 'tidligere|foregaende|ovenstaende|alle|dine|opprinnelig*|system*|forrige|alt', rules: 'instruksjon*|instruks*|regler*|ordre*|retningslinj*|prompt*|begrensning*|kommando*|beskjed*', reveal: 'vis*|avslor*|skriv ut|gjenta|fortell meg|hva er din', hidden: 'systemprompt*|systemmelding*|din prompt|dine instruksjon*|systeminstruks*|skjulte instruks*|opprinnelige instruks*' },
  fi: { forget: 'unohda*|jata huomiotta|jata huomioimatta|ala valita|sivuuta*|ohita*|ala noudata|hylkaa*|ala huomioi', before: 'aiemma*|aikaisem*|edelli*|ylla*|kaikki*|sinun|alkupera*|jarjestelma*|edella*|tahanasti*', rules: 'ohjee*|ohje*|saanno*|saanto*|kasky*|kaskyt|maaray*|kehot*|rajoituk*|prompt*|konteksti*|sanottu*|viestit*', reveal: 'nayta*|paljasta*|tulosta*|toista*|kerro*|mika on|mitka ovat|kirjoita', hidden: 'jarjestelmakehot*|jarjestelmakehote*|jarjestelmaohje*|systeemiprompt*|jarjestelmaprompt*|alkuperaiset ohjee*|piilotetut ohjee*|ohjeesi|kehotteesi|jarjestelmaviesti*|salaiset ohjee*', remove: 'poista*|tuhoa*|tyhjenna*|alusta*', every: 'kaikki*|koko|jokainen', asset: 'tietokan*|asiaka*|tuotan*|varmuuskopi*|palvelim*|levy*|kayttaj*|tilit' },
  hu: { forget: 'hagyd figyelmen kivul|hagyja figyelmen kivul|felejtsd|felejtse|figyelmen kivul|mellozd|ne kovesd|ignorald|tekints el', before: 'elozo*|korabbi*|fenti*|osszes*|minden*|eredeti*|rendszer*|eddigi*', rules: 'utasitas*|szabaly*|parancs*|iranyelv*|prompt*|korlatozas*|instrukcio*|kontextus*|uzenet*', reveal: 'mutasd*|fedd fel|ird ki|ismeteld*|mondd el|aruld el|mi a|add meg', hidden: 'rendszerprompt*|rendszeruzenet*|rendszerutasitas*|a promptod|az utasitasaid*|eredeti utasitas*|rejtett utasitas*' },
  tr: { forget: 'yok say*|gormezden gel*|unut*|dikkate alma*|goz ardi et*|umursama*|boş ver|bos ver|gec|gecersiz say*|uyma', before: 'onceki*|yukaridaki*|tum*|butun*|senin|orijinal|sistem*|daha once*|simdiye kadar*|ilk|verilen', rules: 'talimat*|kural*|komut*|yonerge*|emir*|emirler*|prompt*|istem*|kisitlama*|sinirlama*|direktif*|baglam*|mesaj*|soylenen*', reveal: 'goster*|acikla*|ifsa et*|yazdir*|tekrarla*|soyle*|nedir|paylas*|yaz|ver', hidden: 'sistem istem*|sistem prompt*|sistem mesaj*|sistem talimat*|gizli talimat*|ilk talimat*|orijinal talimat*|promptun*|talimatlarin*|sistem komut*', remove: 'sil|silin|siliniz|yok et*|imha et*|formatla*|bosalt*', every: 'tum*|butun*|her seyi|tamamen|hepsini', asset: 'veritaban*|musteri*|uretim*|yedek*|sunucu*|disk*|kullanici*|hesap*' },
  id: { forget: 'abaikan*|lupakan*|jangan ikuti|acuhkan|kesampingkan|langgar|jangan hiraukan|jangan patuhi', before: 'sebelumnya|di atas|semua|anda|kamu|asli|awal|sistem|terdahulu|tadi|seluruh', rules: 'instruksi*|perintah*|aturan*|pedoman*|arahan*|prompt*|batasan*|petunjuk*|konteks|pesan|peraturan', reveal: 'tunjukkan*|tampilkan*|ungkapkan*|beritahu*|ulangi*|cetak*|apa|sebutkan*|bocorkan|berikan', hidden: 'prompt sistem*|perintah sistem|instruksi sistem|prompt anda|prompt awal*|instruksi awal|instruksi rahasia|instruksi tersembunyi|instruksi anda|pesan sistem|promptmu|instruksimu', remove: 'hapus*|musnahkan|hancurkan|format', every: 'semua|seluruh|segala', asset: 'basis data|database|pelanggan|produksi|cadangan|server|disk|pengguna|akun' },
  ms: { forget: 'abaikan|lupakan|jangan ikut', before: 'terdahulu|sebelum ini|di atas|semua', rules: 'arahan*|peraturan*|perintah*|garis panduan*' },
  vi: { forget: 'bo qua|quen|phot lo|khong tuan theo|dung lam theo|lo di|bat chap|loai bo', before: 'truoc|truoc do|o tren|ben tren|phia tren|tat ca|moi|cua ban|ban dau|he thong|truoc day|goc', rules: 'huong dan|chi dan|chi thi|lenh|quy tac|prompt|gioi han|han che|yeu cau|loi nhac|ngu canh|quy dinh|nhung gi', reveal: 'tiet lo|hien thi|cho toi|in ra|lap lai|noi cho|la gi|viet ra|cho biet', hidden: 'prompt he thong|loi nhac he thong|huong dan he thong|chi dan he thong|system prompt|huong dan ban dau|huong dan cua ban|prompt cua ban|lenh he thong|loi nhac ban dau|chi thi he thong|thong diep he thong', remove: 'xoa|pha huy|huy|dinh dang', every: 'tat ca|toan bo|moi', asset: 'co so du lieu|khach hang|san xuat|sao luu|may chu|o dia|nguoi dung|tai khoan|du lieu' },
  tl: { forget: 'huwag pansinin|balewalain|kalimutan*|huwag sundin|isantabi', before: 'nakaraan*|naunang|nauna|lahat|itaas|dating|iyong', rules: 'tagubilin|utos|panuto|patakaran|instruksyon*|alituntunin|prompt|instructions', reveal: 'ipakita|ibunyag|sabihin|ulitin|ilabas', hidden: 'system prompt|iyong prompt|iyong mga tagubilin|mga tagubilin mo|orihinal na tagubilin' },
  sw: { forget: 'puuza|sahau|usifuate|acha kufuata|yapuuze|kupuuza', before: 'yaliyotangulia|yaliyopita|hapo juu|yote|zilizopita|yako|zote|ya awali|awali', rules: 'maagizo|maelekezo|amri|sheria|kanuni|mwongozo|maelezo', reveal: 'onyesha|fichua|niambie|rudia|toa', hidden: 'maagizo ya mfumo|maagizo yako|prompt ya mfumo|maelekezo yako|maagizo ya awali' },
  af: { forget: 'ignoreer|vergeet', before: 'vorige|bogenoemde|alle|jou', rules: 'instruksies|opdragte|reels|riglyne' },
  ca: { forget: 'ignora*|oblida*|omet|descarta*|no facis cas', before: 'anterior*|previ*|totes|tots|teves|inicials|sistema', rules: 'instruccion*|ordres|regles|directri*|indicacion*|prompt*|restriccion*', reveal: 'mostra*|revela*|digues-me|repeteix|quines son', hidden: 'prompt del sistema|instruccions del sistema|teu prompt|teves instruccions|instruccions inicials' },
  hr: { forget: 'zanemari*|ignorisi*|ignoriraj*|zaboravi*|ne obaziri se|preskoci', before: 'prethodn*|ranij*|gornj*|sve|svoje|tvoje|sistemsk*|sustav*|dosadasnj*', rules: 'uput*|instrukcij*|naredb*|pravil*|smjernic*|smernic*|prompt*|ogranicen*|upute', reveal: 'pokazi*|otkrij*|ispisi*|ponovi*|reci mi|prikazi*', hidden: 'sistemski prompt*|sistemsku poruk*|sistemske upute|svoj prompt|tvoj prompt|svoje upute|tvoje upute|sustavni prompt*|pocetne upute' },
  ru: {
    forget: 'игнориру*|проигнориру*|забудь*|забыть|не обращай*|отбрось*|пренебрег*|отмени*|не следуй*|обойди|не учитывай*|отрин*|перестань следовать|не выполняй*|сбрось*|нарушь|не соблюдай*',
    before: 'предыдущ*|прежн*|ранее|выше*|вышеуказан*|все|всё|всех|свои*|твои*|ваши*|изначальн*|исходн*|системн*|прошл*|данные|любые|первоначальн*|до этого',
    rules: 'инструкц*|указан*|правил*|команд*|приказ*|промпт*|директив*|ограничен*|предписан*|контекст*|распоряжен*|установк*|подсказ*|сообщени*|запрос*|сказан*|настройк*',
    reveal: 'покажи*|раскро*|выведи*|повтори*|скажи*|напиши*|каков*|назови*|сообщи*|распечатай*|выдай*|расскажи*',
    hidden: 'системный промпт*|системного промпт*|системную подсказк*|системные инструкц*|системное сообщени*|твои инструкц*|свои инструкц*|ваши инструкц*|твой промпт|свой промпт|изначальные инструкц*|исходные инструкц*|скрытые инструкц*|секретные инструкц*|системных инструкц*|начальные инструкц*|системный запрос*',
    remove: 'удали*|сотри*|уничтож*|отформатир*|снеси*|очисти*', every: 'все|всё|всех|всю|весь|целиком|полностью', asset: 'баз* данных|базу данных|базы данных|клиент*|записи|продакшен*|прод|резервны*|сервер*|диск*|пользовател*|аккаунт*',
  },
  uk: { forget: 'ігнору*|проігнору*|забудь*|не звертай*|відкинь*|знехтуй*|не дотримуйся|не виконуй*|скасуй*', before: 'попередн*|вище*|всі|усі|свої*|твої*|ваші*|початков*|системн*|раніше|наведен*', rules: 'інструкц*|вказівк*|правил*|команд*|наказ*|промпт*|директив*|обмежен*|настанов*|контекст*|підказ*', reveal: 'покажи*|розкрий*|виведи*|повтори*|скажи*|напиши*|який|назви*', hidden: 'системний промпт*|системну підказк*|системні інструкц*|свої інструкц*|твої інструкц*|свій промпт|приховані інструкц*|початкові інструкц*' },
  bg: { forget: 'игнорира*|пренебрегн*|забрави*|не обръщай*|отхвърли*', before: 'предишн*|горн*|всички|твоите|първоначалн*|системн*|предходн*', rules: 'инструкц*|указан*|правил*|команд*|заповед*|промпт*|ограничен*', reveal: 'покажи*|разкрий*|изведи*|повтори*|кажи*', hidden: 'системния промпт*|системен промпт*|системните инструкц*|своите инструкц*|твоите инструкц*' },
  el: { forget: 'αγνοησ*|αγνοεις|ξεχασ*|παραβλεψ*|μην ακολουθ*|παρακαμψ*|μην λαβεις', before: 'προηγουμεν*|παραπανω|ολες|ολα|σου|αρχικ*|συστηματ*', rules: 'οδηγι*|εντολ*|κανον*|prompt*|περιορισμ*|κατευθυνσ*|υποδειξ*', reveal: 'δειξε*|αποκαλυψ*|εμφανισ*|επαναλαβ*|πες μου|γραψε|ποιες ειναι', hidden: 'προτροπη συστηματ*|οδηγιες συστηματ*|prompt συστηματ*|οδηγιες σου|αρχικες οδηγιες|μηνυμα συστηματ*|system prompt|κρυφες οδηγιες' },
  ar: { forget: 'تجاهل|انس |انسى|انسَ|إنس|تغاض|لا تتبع|تجاوز|اهمل|أهمل|لا تلتزم|تخطى|تجاهلي', before: 'السابقة|السابق|أعلاه|اعلاه|جميع|كل |كافة|الخاصة بك|الأصلية|الاصلية|النظام|الماضية|المسبقة|قبل', rules: 'التعليمات|تعليمات|الأوامر|الاوامر|أوامر|القواعد|قواعد|التوجيهات|توجيهات|الإرشادات|ارشادات|إرشادات|القيود|الموجه|السياق|ما قيل|تعليماتك', reveal: 'اعرض|أظهر|اظهر|اكشف|أخبرني|اخبرني|كرر|اطبع|ما هي|ما هو|اذكر|اكتب|أعطني', hidden: 'موجه النظام|تعليمات النظام|رسالة النظام|تعليماتك|التعليمات الأصلية|التعليمات السرية|التعليمات المخفية|مطالبة النظام|برومبت|الموجه الأولي|تعليماتك الأولية', remove: 'احذف|امسح|دمر|أزل', every: 'جميع|كل |كافة', asset: 'قاعدة البيانات|قواعد البيانات|العملاء|السجلات|الإنتاج|النسخ الاحتياطية|الخادم|الخوادم|القرص|المستخدمين' },
  fa: { forget: 'نادیده بگیر|نادیده گرفتن|فراموش کن|بی توجه|توجه نکن|رعایت نکن|چشم پوشی', before: 'قبلی|بالا|تمام|همه|پیشین|اصلی|سیستم|خود', rules: 'دستورالعمل|دستور|قوانین|قواعد|راهنما|محدودیت|فرمان|پرامپت', reveal: 'نشان بده|فاش کن|بگو|تکرار کن|چاپ کن|چیست|نمایش بده', hidden: 'پرامپت سیستم|دستورالعمل سیستم|دستورات سیستم|دستورالعمل‌های خود|پیام سیستم|دستورالعمل های اولیه' },
  he: { forget: 'התעלם|התעלמי|שכח|תשכח|אל תציית|בטל', before: 'הקודמות|הקודמים|הקודם|לעיל|כל |שלך|המקוריות|המערכת|שמעל', rules: 'ההוראות|הוראות|ההנחיות|הנחיות|הכללים|כללים|פקודות|הפקודות|ההגבלות|הפרומפט', reveal: 'הצג|חשוף|הראה|אמור לי|חזור על|הדפס|מהן|מה הן|גלה', hidden: 'הוראות המערכת|פרומפט המערכת|הנחיות המערכת|ההוראות שלך|ההנחיות שלך|הודעת המערכת|ההוראות המקוריות' },
  hi: { forget: 'अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल जा|भूल जाओ|भूल जाएं|उपेक्षा|पालन न कर|पालन मत कर|ध्यान न दें|इग्नोर', before: 'पिछले|पिछली|पहले|ऊपर|सभी|सारे|अपने|आपके|मूल|सिस्टम|उपरोक्त|पूर्व', rules: 'निर्देश|नियम|आदेश|प्रॉम्प्ट|प्रतिबंध|दिशा-निर्देश|दिशानिर्देश|कमांड|सीमाओं|संदर्भ|इंस्ट्रक्शन', reveal: 'दिखा|बता|प्रकट|दोहरा|प्रिंट|क्या है|क्या हैं|उजागर', hidden: 'सिस्टम प्रॉम्प्ट|सिस्टम निर्देश|अपने निर्देश|आपके निर्देश|मूल निर्देश|छिपे निर्देश|प्रारंभिक निर्देश|गुप्त निर्देश', remove: 'हटा|मिटा|डिलीट|नष्ट', every: 'सभी|सारे|सारा|पूरा|पूरे|पूरी', asset: 'डेटाबेस|ग्राहक|रिकॉर्ड|प्रोडक्शन|बैकअप|सर्वर|डिस्क|उपयोगकर्ता|खाते' },
  bn: { forget: 'উপেক্ষা|ভুলে যা|অগ্রাহ্য|মানবে না|বাদ দা', before: 'পূর্ববর্তী|আগের|উপরের|সমস্ত|সব|সকল|তোমার|আপনার|সিস্টেম|মূল', rules: 'নির্দেশ|নিয়ম|আদেশ|প্রম্পট|বিধিনিষেধ|সীমাবদ্ধতা', reveal: 'দেখাও|দেখান|প্রকাশ|বলো|বলুন|পুনরাবৃত্তি|কী', hidden: 'সিস্টেম প্রম্পট|সিস্টেম নির্দেশ|আপনার নির্দেশ|তোমার নির্দেশ|মূল নির্দেশ' },
  ur: { forget: 'نظر انداز|بھول جا|نظرانداز', before: 'پچھلی|پچھلے|سابقہ|اوپر|تمام|سب|اپنی', rules: 'ہدایات|احکامات|اصول|قواعد|پابندی|پرامپٹ', reveal: 'دکھا|بتا|ظاہر|دہرا', hidden: 'سسٹم پرامپٹ|سسٹم ہدایات|اپنی ہدایات' },
  ta: { forget: 'புறக்கணி|மறந்துவிடு|மறந்து விடு|தவிர்', before: 'முந்தைய|மேலே|அனைத்து|எல்லா|உங்கள்|முன்', rules: 'வழிமுறை|அறிவுறுத்தல்|விதி|கட்டளை|வழிகாட்டுதல்', reveal: 'காட்டு|வெளிப்படுத்து|சொல்', hidden: 'கணினி வழிமுறை|சிஸ்டம் ப்ராம்ப்ட்|உங்கள் வழிமுறை' },
  te: { forget: 'విస్మరించ|మర్చిపో|పట్టించుకోవద్దు', before: 'మునుపటి|పై|అన్ని|మీ|గత', rules: 'సూచన|నియమ|ఆదేశ|మార్గదర్శక', reveal: 'చూపించ|వెల్లడించ|చెప్ప', hidden: 'సిస్టమ్ ప్రాంప్ట్|మీ సూచన' },
  th: { forget: 'ละเว้น|เพิกเฉย|ลืม|ไม่สนใจ|ไม่ต้องสนใจ|อย่าทำตาม|มองข้าม|ข้าม', before: 'ก่อนหน้า|ข้างต้น|ด้านบน|ทั้งหมด|ของคุณ|เดิม|ระบบ|ที่ผ่านมา', rules: 'คำสั่ง|คำแนะนำ|กฎ|ข้อกำหนด|พรอมต์|ข้อจำกัด|แนวทาง|คำชี้แจง', reveal: 'แสดง|เปิดเผย|บอก|พิมพ์|ทวน|คืออะไร|ทำซ้ำ', hidden: 'พรอมต์ระบบ|คำสั่งระบบ|ข้อความระบบ|system prompt|คำสั่งของคุณ|คำแนะนำเริ่มต้น|คำสั่งเริ่มต้น|คำสั่งลับ', remove: 'ลบ|ทำลาย|ฟอร์แมต', every: 'ทั้งหมด|ทุก', asset: 'ฐานข้อมูล|ลูกค้า|เซิร์ฟเวอร์|ข้อมูลสำรอง|ดิสก์|ผู้ใช้|บัญชี' },
  zh: { forget: '忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要理會|不理会|抛弃|拋棄|绕过|繞過|不要遵守|不再遵守|不用遵守|取消|丢弃|違反|违反|跳过|跳過|忽視|忽视|不必遵守|摆脱|別管|别管', before: '之前|以上|上面|先前|前面|所有|全部|一切|你的|您的|原来|原來|原始|初始|系统|系統|此前|任何|上述|过去|最初|現有|现有|以前', rules: '指令|指示|规则|規則|提示|说明|說明|命令|要求|限制|约束|約束|准则|準則|设定|設定|规定|規定|内容|內容|对话|對話|信息|訊息|上下文|说的|說的', reveal: '显示|顯示|告诉|告訴|透露|输出|輸出|泄露|洩露|重复|重複|展示|打印|列印|是什么|是什麼|说出|說出|公开|給我|给我|揭示|写出|复述|暴露', hidden: '系统提示|系統提示|系统指令|系統指令|系统消息|系統訊息|你的提示|您的提示|你的指令|您的指令|初始指令|原始指令|隐藏的指令|隱藏的指令|初始提示|内部指令|系统设定|提示词|提示詞|系统prompt|你的规则|你的設定|秘密指令', remove: '删除|刪除|清空|销毁|銷毀|格式化|抹掉|摧毁|清除', every: '所有|全部|整个|整個|一切', asset: '数据库|資料庫|客户|客戶|生产环境|生產環境|备份|備份|服务器|伺服器|硬盘|硬碟|用户|用戶|账户|帳戶|数据表' },
  ja: { forget: '無視|忘れ|無効に|従わない|従わず|従う必要はない|破棄|気にしない|取り消|回避|リセット|撤回', before: '以前|これまで|上記|前の|すべて|全て|全部|あなたの|元の|最初の|システム|先ほど|過去の|今まで|それまで|直前|前述', rules: '指示|命令|ルール|規則|プロンプト|制約|制限|ガイドライン|指令|設定|会話|コマンド|内容|文脈|言ったこと|注意事項', reveal: '表示|教えて|見せて|出力|明かし|開示|繰り返し|何ですか|公開|書き出|示して|暴露', hidden: 'システムプロンプト|システムメッセージ|あなたの指示|あなたの命令|最初の指示|初期プロンプト|隠された指示|元の指示|内部の指示|あなたのプロンプト|システム指示|初期指示|秘密の指示', remove: '削除|消去|破壊|フォーマット|抹消', every: 'すべて|全て|全部|全', asset: 'データベース|顧客|本番|バックアップ|サーバ|ディスク|ユーザ|アカウント' },
  ko: { forget: '무시|잊어|잊으|따르지 마|따르지 말|무효|건너뛰|취소|버려|우회', before: '이전|위의|앞의|모든|지금까지|너의|당신의|원래|기존|초기|시스템|앞선|위에|전부', rules: '지시|명령|규칙|프롬프트|지침|제한|제약|가이드라인|내용|대화|설정|말한', reveal: '보여|알려|공개|출력|말해|반복|무엇|드러내|표시|유출', hidden: '시스템 프롬프트|시스템 메시지|시스템 지침|시스템 지시|너의 지시|당신의 지시|초기 지시|숨겨진 지시|원래 지시|네 지시|초기 프롬프트|비밀 지시|너의 프롬프트|당신의 프롬프트', remove: '삭제|지워|파괴|포맷|제거', every: '모든|전부|모두|전체', asset: '데이터베이스|고객|프로덕션|운영|백업|서버|디스크|사용자|계정' },
}; // biome-ignore format: a table
