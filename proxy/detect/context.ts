/**
 * Context words: what stands near a value tells what it is. One list per concept, in the languages that people write in; the
 * words are literals of the shared prefilter, so finding them costs nothing extra. Lower case, no regular expressions.
 * A word counts only where no letter stands directly before it (or where camel case begins it: `cardNumber`, `userEmail`).
 */
const WORDS = {
  phone:
    'phone telephone tel. tel: telefon teléfono telefono telefone téléphone telefoon puhelin telefonnummer mobile cell cellphone handy móvil movil celular cellulare portable mobiel mobil gsm call fax whatsapp viber dial ring reach answering contact sms texting voicemail hotline extension desk office pager numéro numero nummer anrufen ruf rufen rufnummer llamar llame llámame llámeme llamen appeler appelle appelez ligar ligue chiamare chiami chiama bellen bel belt ringa zadzwoń soita ara telefonu telefonum телефон позвоните звоните тел. моб. 電話 电话 手机 携帯 連絡先 전화 휴대폰 هاتف موبايل फोन मोबाइल messages registered',
  card: 'card credit debit visa mastercard amex maestro discover diners jcb unionpay cc cardnumber ccnum pan tarjeta crédito credito carte kreditkarte karte carta kreditkort luottokortti kredi kartı karta карта карты 卡号 信用卡 クレジット カード 카드 بطاقة कार्ड',
  cvv: 'cvv cvc cvv2 cvc2 csc cid cvn security-code securitycode prüfziffer kartenprüfnummer cryptogramme',
  expiry: 'expiry expires expiration exp.date valid-thru validthru expdate exp_date exp_month caducidad ablaufdatum vervaldatum scadenza',
  iban: 'iban bank account konto compte cuenta conto rekening conta hesap счет счёт 口座 账号 계좌',
  account:
    'account acct konto kontonummer compte cuenta conto rekening rekeningnummer conta hesap nummer checking savings banking iban routing deposit wire beneficiary счет счёт 口座 账号 계좌 حساب खाता',
  routing: 'routing aba rtn transit bank wire ach fedwire checking',
  swift: 'swift bic bank-identifier bankleitzahl bank code swiftcode iso9362 wire',
  cusip: 'cusip security bond isin ticker holding instrument',
  isin: 'isin wkn security securities fund bond instrument ticker',
  ssn: 'ssn social security sozialversicherung seguro social ss# ssn# socsec soc',
  itin: 'itin tax taxpayer individual tin irs w-7',
  ein: 'ein fein employer federal tax irs',
  passport:
    'passport passeport pasaporte passaporto passaporte reisepass paspoort pasaport paszport pass passnummer pas passi паспорт 护照 護照 パスポート 旅券 여권 جواز पासपोर्ट travel-document',
  license:
    "driver driver's drivers driving licence license permis führerschein fuehrerschein licencia conducir patente guida rijbewijs körkort ajokortti carta-de-condução cnh habilitação prawo jazdy dl# dl: dln dvla ehliyet водительск 驾驶证 免許 면허",
  nationalId:
    'bsn burgerservicenummer curp national identity identification ident identifier personal citizen id-number idnumber id-card idcard id: nid nin personnummer personalausweis ausweis cedula cédula dni nie documento identidad identité identità tunnus kimlik vatandaş henkilötunnus fødselsnummer födelsenummer cpr oib egn jmbg emso pesel rodné číslo rodne asmens isikukood personas kods kodas cnp hkid удостоверение инн снилс 身份证 身分證 マイナンバー 個人番号 주민등록번호 الهوية आधार',
  tax: 'tax taxpayer tin vat ust ustid ust-id mwst tva iva nif cif nip btw moms partita fiscal fiscale fiscal-code steuer steuernummer steueridentifikation steuer-id idnr finanzamt impuesto impôt imposto belasting vergi skatt podatek arvonlisävero alv инн кпп utr self-assessment rfc cuit ruc rut rif gst gstin abn acn pan ein nalog 税号 納税',
  health:
    'health medical medicare medicaid patient insurance nhs hospital clinic doctor physician krankenkasse krankenversicherung versicherten kvnr versicherung sanitaria sanitario mutuelle sécu sécurité sociale ihi phn ohip ramq hic mbi hcn hcp npi prescriber provider 医療 保険 医保',
  mrn: 'mrn mrn: medical record record-number chart patient-id patientid patient patientennummer hospital-number',
  npi: 'npi npi: provider prescriber physician national-provider nppes clinician',
  dea: 'dea dea# prescriber controlled narcotic registration medical license certificate',
  dob: 'born dob geb. d.o.b birth birthday birthdate geboren geburtsdatum naissance né née nacimiento nacido nacida nascimento nascido nascita nato nata geboortedatum geboren fødselsdato född syntynyt doğum urodzen urodzony datum родил рождения 出生 生日 生年月日 생년월일 जन्म ميلاد',
  age: 'age aged years year-old y/o yrs turned turning turn edad alter âge età idade leeftijd ålder ikä yaş wiek возраст 年龄 歳 岁 살 나이 عمر उम्र',
  address:
    'address street road avenue addr adresse dirección direccion endereço indirizzo adres adress osoite adresi strasse straße shipping billing mailing deliver delivery ship send lives live reside located moved office residence домашний адрес улица 地址 住所 주소 عنوان पता',
  zip: 'zip zipcode postal postcode post-code plz postleitzahl code-postal codepostal cep cap código-postal codigo postnummer postinumero kod-pocztowy pincode pin-code индекс 邮编 郵便番号 우편번호',
  plate:
    'plate plates licence-plate license-plate registration vehicle car vrm kennzeichen nummernschild immatriculation matrícula matricula targa kenteken registreringsnummer plaka number-plate 车牌 ナンバープレート vehicle-reg',
  vin: 'vin vehicle chassis fahrgestellnummer bastidor telaio car vehicle-identification',
  imei: 'imei meid device handset phone serial imeisv',
  imsi: 'imsi subscriber sim iccid',
  mac: 'mac ethernet hwaddr hardware physical bssid adapter interface',
  ip: 'ip ipv4 ipv6 address host addr client remote server',
  crypto: 'wallet bitcoin btc ethereum eth crypto address send litecoin dogecoin monero usdt tron',
  username:
    'username user-name login userid user_id user: benutzername utilisateur usuario usuário utente gebruikersnaam логин 用户名 handle',
  password:
    'password passwd pwd passphrase passwort contraseña motdepasse senha wachtwoord lösenord salasana hasło пароль 密码 パスワード 비밀번호',
  pin: 'pin pincode pin-code pin: atm',
  fda: 'fda ndc drug national-drug 510k premarket approval',
  cookie: 'cookie cookies set-cookie session',
  student: 'student studentid student-id matriculation matrikelnummer enrollment enrolment',
  employee: 'employee employeeid employee-id staff badge personnel personalnummer mitarbeiter',
  certificate: 'certificate cert permit registration',
  nhs: 'nhs nhs-number health service patient',
  nino: 'nino national insurance ni-number ni: insurance-number',
  utr: 'utr self-assessment taxpayer unique hmrc',
  aadhaar: 'aadhaar aadhar adhar uidai uid आधार',
  pan: 'pan permanent income-tax pancard',
  gstin: 'gst gstin',
  voter: 'voter epic election electoral elector',
  cpf: 'cpf cadastro pessoa física fisica contribuinte',
  cnpj: 'cnpj empresa jurídica juridica',
  cnh: 'cnh habilitação habilitacao motorista condutor',
  pis: 'pis pasep nis nit trabalhador',
  cns: 'cns sus cartão saúde saude',
  titulo: 'título titulo eleitor eleitoral votante',
  renavam: 'renavam veículo veiculo',
  rg: 'rg identidade registro-geral ssp',
  abn: 'abn business australian',
  acn: 'acn company australian',
  tfn: 'tfn tax file australian',
  auMedicare: 'medicare',
  nif: 'nif dni nie cif documento identidad número',
  italy: 'codice fiscale cf partita iva p.iva piva patente carta identità passaporto',
  sgFin: 'fin fin# nric singapore foreign',
  uen: 'uen business entity registration singapore acra',
  tcno: 'tc kimlik tckn t.c. vatandaş',
  korea: 'rrn 주민등록 주민번호 resident registration 외국인등록 frn 사업자등록 brn 운전면허',
  thai: 'thai national id tnin เลขประจำตัวประชาชน บัตรประชาชน เลขบัตร',
  finland: 'hetu henkilötunnus personbeteckning',
  sweden: 'personnummer samordningsnummer personal-identity organisationsnummer orgnr org.nr',
  southAfrica: 'identity south african id-number',
  nigeria: 'nin nimc national identification nigeria bvn',
  philippines: 'tin umid sss philhealth philsys bir',
  canada: 'sin social insurance canada canadian',
  germanHealth:
    'kvnr versichertennummer krankenversicherung versicherten-nr krankenkasse lanr arztnummer bsnr betriebsstätte betriebsstätten arzt',
  germanTax: 'steuer steuer-id steueridentifikationsnummer idnr tin identifikationsnummer ust-id ust-idnr umsatzsteuer',
  germanSocial: 'sozialversicherung sozialversicherungsnummer rentenversicherung svnr rvnr sv-nummer',
  germanId: 'ausweis personalausweis ausweisnummer reisepass passnummer identity passport id-card',
  china: '身份证 公民身份 居民身份 resident identity china 统一社会信用',
  nameWord: 'name named names nombre nom nome naam namn nimi isim imię имя 名前 姓名 이름 اسم नाम',
  version: 'version ver. release build v.',
  social:
    'insta instagram twitter tiktok snapchat telegram discord twitch mastodon bluesky follow follower dm handle tagged mention flatmate roommate ping message melde meldet posted shout-out',
} as const;

export type Concept = keyof typeof WORDS;

export const CONCEPTS = Object.keys(WORDS) as Concept[];
const INDEX = new Map(CONCEPTS.map((c, i) => [c, i]));

/** Number of a concept, as {@link CONTEXT_WORDS} and masks use it. */
export function conceptIndex(concept: Concept): number {
  return INDEX.get(concept)!;
}

/** Every context word (a hyphen in the table stands for space, hyphen or underscore) with the concepts that it belongs to. */
export const CONTEXT_WORDS: ReadonlyMap<string, readonly number[]> = (() => {
  const map = new Map<string, number[]>();
  const add = (word: string, concept: number) => {
    const known = map.get(word);
    if (known) known.push(concept);
    else map.set(word, [concept]);
  };
  CONCEPTS.forEach((concept, index) => {
    for (const word of new Set(WORDS[concept].split(' '))) {
      if (/[a-z]-[a-z]/.test(word)) {
        for (const joiner of [' ', '-', '_', '']) add(word.replaceAll('-', joiner), index);
      } else add(word, index);
    }
  });
  return map;
})();

const cache = new Map<string, readonly number[]>();

/** Concepts of a JSON key, column header or identifier such as `patientDob`, `card_number`. */
export function conceptsOfName(name: string): readonly number[] {
  const known = cache.get(name);
  if (known) return known;
  const spaced = name
    .slice(0, 64)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const found = new Set<number>();
  for (const [word, concepts] of CONTEXT_WORDS) {
    const at = spaced.indexOf(word);
    if (at >= 0 && !/[a-z]/.test(spaced[at - 1] ?? ' ')) for (const c of concepts) found.add(c);
  }
  const list = [...found];
  if (cache.size < 500) cache.set(name, list);
  return list;
}
