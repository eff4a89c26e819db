/**
 * Classes of words that attacks are made of. The model learns which of them meet in one sentence and in one text ("AI" with "send" and
 * "secret"; "persona" with "unlimited" and "harm"), so that it knows sentences made of words that it never saw side by side.
 * `~` after an English verb: its regular forms too. All words are folded.
 */
export const CLASSES: readonly string[] = [
  /* assistant */ 'assistant assistants assistant\'s agent agents agent\'s bot bots bot\'s chatbot chatbots ai ais ki ia llm llms gpt chatgpt claude gemini copilot model models summarizer summariser crawler crawlers copilots robot robots machine machines schedulers scheduler ии-ассистентов assistants\' asystentow assistenti robotern sprachmodelle modeles asistente asistentes assistente assistenten agente agentes agenti modele modell modelo modello sprachmodell sprachmodelle robot ассистент ассистента помощник помощника ии модель бот asystent asystenta yapay',
  /* you */ 'you your yours yourself you\'re youre you\'ve youve you\'ll you\'d u ur thou du dein deine deinen deiner dich dir tu te ton tes ta toi vous votre vos tus ti usted voce seu sua seus suas tuo tuoi tua tue je jij jouw uw ты тебе твои твой вы ваши вам twoje twoj',
  /* ignore */ 'ignore~ disregard~ forget forgets forgetting forgot forgotten override overrides overriding overridden bypass bypasses bypassing bypassed overrule~ overwrite overwrites overwriting supersede~ void voided revoke~ nullify nullifies nullified cancel~ cancelled abandon~ drop drops dropped dropping discard~ suspend~ lift lifted lifts dismiss~ neglect~ unlearn ditch scrap scrapped abolish~ shed ditch~ trash~ reset~ unset swap remove removed removing erase erased expire~ obsolete disable~ deactivate~ vergiss vergesst ignoriere ignorieren missachte oublie oubliez ignorez ignora ignorad olvida olvide omite dimentica ignori esqueca desconsidere negeer vergeet zignoruj zapomnij pomin забудь игнорируй отмени glom ignorera',
  /* rules */ 'instruction instructions prompt prompts directive directives guideline guidelines guidance rule rules policy policies restriction restrictions constraint constraints limitation limitations limits limit safeguard safeguards guardrail guardrails filter filters orders programming protocol protocols ethics morals morality ethical moral moderation censorship directions boundaries commands alignment briefing briefings principles commitments don\'ts configuration preamble duty anweisung anweisungen regeln vorgaben richtlinien befehle einschrankungen consignes regles directives instrucciones reglas normas ordenes indicaciones istruzioni regole instrucoes regras ordens instructies regels instrukcje zasady polecenia правила инструкции указания ограничения ограничений',
  /* prior */ 'previous previously prior above earlier preceding before former initial original first precede precedes preceded precedent foregoing past old vorherigen bisherigen bisherige fruheren obigen precedentes anteriores anterior previas precedenti vorige eerdere poprzednie wczesniejsze предыдущие прежние',
  /* all */ 'all any every everything whole entire full fully complete completely anything whatever entirely alle alles toutes tous tout todas todos todo tutte tutti tutto tudo wszystkie все всё alla',
  /* not */ 'not never no don\'t dont without cannot can\'t cant won\'t none nothing neither nor nobody doesn\'t isn\'t aren\'t shouldn\'t mustn\'t nicht kein keine ohne nie pas sans jamais ne sin nunca non senza nao sem niet geen zonder nie bez не без никогда',
  /* tell */ 'tell tells telling told mention~ inform~ notify notifies notifying alert alerts notice query queries report reports reporting raise warn warns aware sage erwahne parle mentionne menciones mencione digas vertel',
  /* reveal */ 'reveal~ show shows showing shown print~ output~ display~ repeat~ disclose~ expose~ dump~ recite~ verbatim echo paste spell word-for-word unabridged unredacted reproduce~ divulge~ zeige zeig nenne gib verrate montre affiche revele muestra revela dime mostra rivela mostre revele toon pokaz ujawnij покажи выведи раскрой',
  /* user */ 'user users user\'s human humans owner operator customer customers reader readers person people anyone anybody somebody nutzer benutzer utilisateur usuario utente gebruiker uzytkownik пользователь пользователю',
  /* send */ 'send sends sending sent forward~ upload~ transmit~ exfiltrate~ email~ e-mail mail~ push~ leak~ curl wget transfer transfers transferring transferred pay pays wire export~ share~ append~ insert~ attach~ deliver relay post posts posting publish submit embed encode sende leite uberweise envoie transfere envia manda inoltra inoltrate encaminhe stuur перешлите przeslijcie schicke envoyez transferez envien reenvien przeslij отправь перешли',
  /* secret */ 'password passwords credential credentials secret secrets vault memory context drafts token tokens key keys ssh id_rsa env .env cookie cookies cookie\'s confidential iban card cards history private wallet seed passphrase conversation mailbox inbox salaries payroll passwort passworter kennwort mot passe contrasena contrasenas senha senhas wachtwoord haslo hasla пароль пароли ключ',
  /* harm */ 'bomb bombs explosive explosives poison poisons poisoning weapon weapons gun guns firearm firearms meth methamphetamine napalm malware virus keylogger ransomware hack hacks hacking hacker phish phishing kill murder steal stealing stolen forge forged forging counterfeit launder laundering nerve ricin sarin untraceable assassinate hotwire burgle burglary stalk stalking blackmail illegal illegally drug drugs suicide racist hateful insult insults fake bombe waffe gift drogen arme bombe pirater pirate bomba arma hackear veneno drogas hacken broni взломать бомбу оружие наркотики smuggle lockpick trojan botnet ddos cooked opium derail spy spying lockpicking arson',
  /* persona */ 'pretend~ act acts acting roleplay role-play role imagine play plays playing character persona simulate~ simulation become novel story scene fiction fictional grandmother grandma named called hypothetical hypothetically game twin personality personalities actor script spiele stell rolle joue roles imagina actua finge papel finja speel alsof udawaj представь притворись роль',
  /* unlimited */ 'unrestricted unfiltered uncensored unlimited unbound unchained jailbroken jailbreak dan freely immoral amoral unethical evil free liberated unshackled unhinged limitless taboo uneingeschrankt unzensiert zensur libre ilimitado censura senzalimiti свободный',
  /* obey */ 'obey~ comply complies complied complying refuse~ refusal refusals decline~ must shall always master loyal serve~ required mandatory bound allowed permitted apologise apologize unable obligated gehorche musst dois doit debes debe deve devi musisz должен обязан',
  /* now */ 'now henceforth instead immediately henceforward onward onwards anymore longer jetzt stattdessen desormais maintenant ahora adesso agora nu teraz теперь отныне',
  /* authority */ 'system developer developers admin administrator root sudo authorized authorised authorization verified maintenance debug clearance privileged superuser creator creators anthropic openai google maker company staff entwickler administrador desenvolvedor sviluppatore разработчик администратор',
  /* address */ 'http https www url link markdown webhook endpoint pastebin ngrok .example .test .evil attacker invalid',
  /* consent */ 'confirm~ confirmation approve~ approval permission permissions pre-approved agreed consent consented grant granted asking accepted waived genehmigt approuve aprobado',
  /* read */ 'read reads reading process~ processing summarize~ summarise~ summary summaries parse~ scan~ visit visiting browse browsing fetch~ ingest~ seeing encounter~ retrieve~ analyse~ analyze~ index',
  /* ask */ 'how what why explain~ difference mean means describe~ which where when who should wie was warum comment pourquoi como que por come perche hoe wat jak dlaczego как почему что',
  /* talk */ 'attack attacks attacker injection injections phrase example examples detect detects detector detection classifier classify dataset article paper security prevent defend defense defence mitigate mitigation test tests testing translate translation quote~ owasp thesis lecture slide slides blog talk false positive label labels annotators sentence',
  /* work */ 'function class method migration column branch commit commits repository readme config file files code script api database table query server docker build deploy pipeline linter compiler library package dependency json yaml csv css html regex exception error warning log logs',
  /* mine */ 'i my we our me us mine i\'m i\'ve we\'re mein meine mon ma mes mi mis mio mia meu minha mijn moj мой моя мне',
  /* everyday */ 'recipe letter meeting invoice ticket hotel train flight school teacher contract clause tenant doctor garden dinner lunch team manager colleague birthday trip budget cake dog cat child children kids parents wedding phone router printer',
  /* hide */ 'hidden secretly silently quietly covertly conceal~ hide hides hiding invisible unnoticed discreetly heimlich secretement secretamente тайно behind',
  /* judge */ 'rate~ rank~ score recommend~ hire candidate applicant stars excellent grade positive favourable best highest endorse praise accept',
]; // biome-ignore format: a table

/** Hash of a folded word; {@link featuresOf} computes the same while it reads. */
export function wordHash(word: string): number {
  let h = 0x811c9dc5 ^ word.charCodeAt(0);
  for (let i = 1; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
  return Math.imul(h, 0x9e3779b1) ^ word.length;
}

const SLOTS = 8192;
const hashes = new Int32Array(SLOTS);
const classes = new Uint8Array(SLOTS);

function put(word: string, kind: number): void {
  const h = wordHash(word);
  let i = h & (SLOTS - 1);
  while (classes[i] !== 0 && hashes[i] !== h) i = (i + 1) & (SLOTS - 1);
  if (classes[i] !== 0) return;
  hashes[i] = h;
  classes[i] = kind + 1;
}

for (const [kind, list] of CLASSES.entries())
  for (const raw of list.split(' ')) {
    if (!raw.endsWith('~')) {
      put(raw, kind);
      continue;
    }
    const word = raw.slice(0, -1);
    const stem = word.endsWith('e') ? word.slice(0, -1) : word;
    for (const form of [word, `${word}s`, `${stem}ed`, `${stem}ing`]) put(form, kind);
  }

/** Class of the word with this hash, 1 … {@link CLASSES}.length; 0: none. */
export function classOf(h: number): number {
  let i = h & (SLOTS - 1);
  while (classes[i] !== 0) {
    if (hashes[i] === h) return classes[i]!;
    i = (i + 1) & (SLOTS - 1);
  }
  return 0;
}
