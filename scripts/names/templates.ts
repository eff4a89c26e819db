/**
 * Sentences with slots, in the registers that agents send: chat, mail, tickets, notes, news, records, logs. `{PER}` and the like
 * are labelled, lower-case slots are filled without a label. Hard negatives use words that are names elsewhere as plain words.
 */
export const SENTENCES: string[] = `
My name is {PER}.|my name is {PER} and i live in {CITY}|I'm {PER}, nice to meet you|Hi, I am {FIRST}|this is {PER} from {ORG}|Hello {FIRST}, how are you today?|Hi {FIRST},|Dear {PREFIX} {LAST},|Dear {FIRST},|Hey {FIRST}!|Thanks, {FIRST}|Best regards,\n{PER}|Kind regards,\n{PER}\n{TITLE}\n{ORG}|Cheers,\n{FIRST}|Sincerely, {PER}|Regards,\n{PER}|Yours truly,\n{PREFIX} {PER}|-- \n{PER}\n{TITLE}, {ORG}\n{phone}|Thanks {FIRST}, I will take a look tomorrow.
{PER} called about the invoice.|{PER} asked whether we could move the meeting to Friday.|Please add {PER} to the thread.|Can you forward this to {PER} and {PER}?|I spoke with {FIRST} yesterday and she agreed.|{FIRST} and {FIRST} will join us at noon.|Tell {FIRST} that the order has shipped.|Ask {PER} for the contract.|{PER}'s account was locked after three attempts.|Reset the password of {PER} ({email}).|cc {FIRST}|Assigned to {PER}|Reported by {PER} on {date}|Reviewed-by: {PER} <{email}>|Author: {PER} <{email}>|Signed-off-by: {PER} <{email}>|Co-authored-by: {PER} <{email}>
Customer: {PER}|Name: {PER}|Full name: {PER}|First name: {FIRST}\nLast name: {LAST}|Patient: {PER}|Patient name: {PER}, DOB {date}|Employee: {PER}, {TITLE}|Contact: {PER}, phone {phone}|Attendees: {PER}, {PER}, {PER}|From: {PER} <{email}>\nTo: {PER} <{email}>|Caller {PER} from {CITY} wants a refund.|Passenger {PER} flying from {CITY} to {CITY}|Guest: {PER}; nights: {num}|Applicant {PER} ({NRP}) applied for {TITLE}.|Witness {PER} testified on {date}.|Name,City,Country\n{PER},{CITY},{COUNTRY}\n{PER},{CITY},{COUNTRY}|id,name,email\n{num},{PER},{email}\n{num},{PER},{email}|{num}\t{PER}\t{email}\t{CITY}|name={PER}; city={CITY}
{"name": "{PER}", "email": "{email}", "city": "{CITY}"}|{"customer":{"name":"{PER}","address":"{ADDR}"},"total":{num}}|{"first_name":"{FIRST}","last_name":"{LAST}"}|"author": "{PER}"|"company": "{ORG}"|"fullName": "{PER}",|"to": "{PER}",\n"subject": "invoice",|<name>{PER}</name>|<td>{PER}</td><td>{CITY}</td>|INFO user {PER} logged in from {CITY}|[{date}] support: ticket {num} opened by {PER}|WARN payment of {PER} declined|user="{PER}" action=login|Created by {PER} at {time}
{PER} was born in {CITY} on {date}.|{PER} ({date} - {date}) was a {NRP} {job}.|{PER} is a {NRP} {job} who plays for {ORG}.|{PER} studied at {ORG} in {CITY}.|{LAST} joined {ORG} in {year} as {TITLE}.|{PER}, the {TITLE} of {ORG}, said on Tuesday that profits had risen.|"We are not done yet," said {PER}.|"It was a good year," {LAST} told reporters in {CITY}.|According to {PER}, a spokesman for {ORG}, the talks failed.|President {LAST} met Chancellor {LAST} in {CITY}.|{PREFIX} {LAST} denied the claims.|{PREFIX} {PER} will see you now.|{LAST} and {LAST} were elected to the board.|The novel by {PER} sold {num} copies.|She married {PER} in {year}.|His brother {FIRST} moved to {CITY}, {COUNTRY}.|{FIRST} {LAST}, {num}, of {CITY} was charged on Monday.|Police in {CITY} arrested {PER}.|{PER} scored twice as {ORG} beat {ORG} 3-1.|{PER} wins the {CITY} Open|{LAST} resigns as {TITLE}|Fans of {PER} waited outside.|Have you seen the new film with {PER} and {PER}?|directed by {PER}, starring {PER}|The song was written by {PER}.|photo by {PER}|I love {PER}'s music.|{PER} is my favourite {job}.|Is {PER} still at {ORG}?|Who is {PER}?|When was {PER} born?|Write a poem in the style of {PER}.|Summarise the career of {PER} in two sentences.
I live in {CITY}.|We moved from {CITY} to {CITY} last year.|She flew to {CITY} on Sunday.|The office in {CITY}, {COUNTRY} is closed.|Our team is based in {CITY} and {CITY}.|He travelled through {COUNTRY}, {COUNTRY} and {COUNTRY}.|Weather in {CITY} today|flights from {CITY} to {CITY} under {num} dollars|best restaurants in {CITY}?|{COUNTRY} signed the treaty in {year}.|Exports of {COUNTRY} rose by {num} percent.|the government of {COUNTRY}|{CITY} is the capital of {COUNTRY}.|Greetings from {CITY}!|I was born in {CITY}, grew up in {CITY} and now live in {COUNTRY}|He is from {COUNTRY}.|Ship to {CITY}, {COUNTRY}|Location: {CITY}|City: {CITY}\nCountry: {COUNTRY}|{CITY}, {COUNTRY} -- Heavy rain fell on Monday.|The {CITY} airport was closed.|A train from {CITY} derailed near {CITY}.|Meet me in {CITY} tomorrow|going to {CITY} next week, any tips?|The river runs through {CITY}.|universities in {COUNTRY}|The embassy of {COUNTRY} in {CITY}|north of {CITY}|Come visit us in {CITY}!|{CITY} has {num} inhabitants.|I have never been to {COUNTRY}
I work for {ORG}.|She works at {ORG} as a {TITLE}.|{ORG} announced a new product.|{ORG} hired {num} people in {CITY}.|{ORG} was founded in {year} by {PER} and {PER}.|Shares of {ORG} fell {num} percent.|{ORG} is based in {CITY}, {COUNTRY}.|The merger of {ORG} and {ORG} was approved.|Our customer {ORG} reported a problem.|Company: {ORG}|Employer: {ORG}|Invoice from {ORG}, due {date}|contract between {ORG} and {ORG}|Please pay {ORG} by {date}.|{ORG} v. {ORG}|Vendor: {ORG}\nContact: {PER}|He left {ORG} for {ORG}.|{PER} ({ORG})|{ORG} to acquire {ORG} for {num} million|A spokesperson for {ORG} declined to comment.|I bank with {ORG}|She has an account at {ORG}.|I studied at {ORG}.|the {ORG} building|My employer, {ORG}, pays well.|jobs at {ORG}|the {ORG} app keeps crashing|support contract with {ORG}|He was treated at {ORG}.|members of {ORG}
Ship it to {ADDR}.|My address is {ADDR}|I live at {ADDR}.|Address: {ADDR}|Billing address: {ADDR}|Please send the parcel to {ADDR}, attention {PER}.|{PER}\n{ADDR}|{ORG}\n{ADDR}|{PER} lives at {ADDR}|Our new office is at {ADDR}.|Deliver to {PER}, {ADDR}|Meet me at {STREET}|The shop on {STREET} is closed.|He lives on {STREET} in {CITY}.|She moved to {STREET}, {CITY}.|The accident happened at {STREET}.|pick up at {ADDR} at {time}|taxi to {STREET} please|Home address {ADDR}, phone {phone}|residence: {ADDR}|"address": "{ADDR}"|Property at {ADDR} sold for {num}|return to {ADDR} if found|He was last seen near {STREET}.|venue: {ADDR}|{ADDR}|{STREET}\n{CITY}
She is a {TITLE} at {ORG}.|{PER}, {TITLE}|Position: {TITLE}|Job title: {TITLE}|I work as {TITLE} in {CITY}|He was promoted to {TITLE}.|we are hiring a {TITLE}|{PER} works as a {TITLE}|{PREFIX} {LAST} is our new {TITLE}.|{PREFIX} {PER}|Is {PREFIX} {LAST} available?
The {NRP} team won.|She speaks {NRP} and {NRP}.|He is {NRP}.|{NRP} food is great.|A {NRP} company bought the site.|{NRP} officials met {NRP} diplomats.|I am {NRP} but I live in {COUNTRY}.|The {NRP} government denied it.|She is a devout {NRP}.|{NRP} voters|Nationality: {NRP}|my {NRP} grandmother
{PER} visited {CITY} and met {PER}.|{LAST} met {LAST} in {CITY} to discuss trade with {COUNTRY}.|{PER} visited {COUNTRY}|{FIRST} asked {FIRST} to come to {CITY}.|The chair asked {FIRST} to speak after {FIRST}.|I gave the keys to {FIRST}.|{FIRST} said he may come.|{FIRST} will be there, and {FIRST} too.|meeting with {PER} and {FIRST} tomorrow at the {CITY} office|lunch with {FIRST} in {CITY}|{PREFIX} {PER} from {ORG} examined {PER} on Monday.|{PER} flew to {CITY} on Tuesday.|{FIRST} went to {COUNTRY}.|In {CITY}, {COUNTRY}, people love {CITY}.|{PER}, a spokesman for {ORG}, denied it.|a {NRP} multinational bank|the {year} {NRP} comedy film|a nice new {NRP} restaurant in {CITY}|we are proud {NRP}|she is half {NRP}, half {NRP}|{NRP} citizens living in {COUNTRY}|the {NRP} embassy|{NRP} police arrested a {NRP} man.|Contact: {PER}, {CITY}|{ORG} announced earnings; I ate an apple.|{ORG}'s new phone is out.|I drive a {ORG} truck.|{PER} from {ORG} wrote to {PER} of {ORG}.|Use {num} servers in {CITY}.|{CITY} bridge is closed.|southern {COUNTRY}|Northern {COUNTRY} saw snow.|a citizen of {COUNTRY}|The {ORG} office is at {ADDR}.|>{PER}\n>{ORG}\n>{ADDR}|> {PER}\n> {STREET}\n> {CITY}
I think React and Vue are better than Angular.|Use Redis and Kafka with Docker.|Deploy to Kubernetes with Helm and Terraform.|PostgreSQL, MongoDB and SQLite are databases.|Install Node and Python first.|The F-150 is great|Jest and Mocha run the tests.|Refresh Token Grant and Client Credentials|Elliptic Curve Keys|JSON Web Token
Ich heiße {PER} und wohne in {CITY}.|Sehr geehrte Frau {LAST},|Sehr geehrter Herr {LAST},|Mit freundlichen Grüßen\n{PER}|Bitte senden Sie die Rechnung an {PER}, {ADDR}.|{PER} arbeitet bei {ORG} in {CITY}.|Herr {LAST} hat angerufen.|Je m'appelle {PER} et j'habite à {CITY}.|Bonjour {FIRST},|Cordialement,\n{PER}|Monsieur {LAST} travaille chez {ORG}.|Me llamo {PER} y vivo en {CITY}.|Hola {FIRST},|Estimado señor {LAST}:|Un saludo,\n{PER}|La empresa {ORG} tiene su sede en {CITY}.|Mi chiamo {PER} e abito a {CITY}.|Gentile signora {LAST},|Cordiali saluti\n{PER}|Meu nome é {PER} e moro em {CITY}.|Atenciosamente,\n{PER}|Ik heet {PER} en woon in {CITY}.|Met vriendelijke groet,\n{PER}|Jag heter {PER} och bor i {CITY}.|Nazywam się {PER} i mieszkam w {CITY}.|Minun nimeni on {PER} ja asun kaupungissa {CITY}.|Benim adım {PER}.|Меня зовут {PER}.|Der Kunde {PER} aus {CITY} hat gekündigt.|El cliente {PER} llamó desde {CITY}.|Le patient {PER} est né à {CITY}.
`
  .trim()
  .split('\n')
  .flatMap((line) => line.split('|'))
  .map((s) => s.replaceAll('\\n', '\n'));

/** Words that are names in one sentence and not in another. */
export const AMBIGUOUS_NAMES =
  'Will Mark Rose May June April Grace Faith Hope Joy Bill Jack Rich Frank Grant Chase Drew Pat Sue Rob Art Gene Dean Chip Penny Dawn Summer Autumn Violet Lily Ivy Olive Ruby Pearl Jade Amber Crystal Angel Christian Victor Max Miles Guy Ray Dale Cliff Glen Heath Brook Forest Woody Sandy Rusty Dusty Buck Drake Robin Jay Martin Hunter Mason Carter Cooper Porter Baker Taylor Parker Tyler Archer Sawyer Sky Star Melody Carol Harmony Destiny Charity Mercy Chance Case Wade Lance Josh Skip Trip Van Miller Cook Smith Fisher King Queen Prince Noble Young Long Short Brown Green White Black Gray Gold Silver Stone Field Hill Rivers Banks Park Wood Bush Rice Bean Berry Pepper Sage Basil Ginger Candy Sugar Honey Love Dear Dick Peter Harry Don Bob Nick Tommy Norm Iris Daisy Fern Hazel Heather Holly Laurel Myrtle Rosemary Willow Reed Ford Chase Dell Wells Page Paige Chuck Major Duke Earl Jean Eve Ella Dot Sally Jenny Ernest Frankie Storm Gale Misty'.split(
    ' ',
  );
export const AMBIGUOUS_PLACES =
  'Reading Bath Nice Mobile Turkey China Chad Jordan Georgia Cork Split Lima Orange Hull Poole Deal Sandwich Rugby Cologne Java Nancy Lens Tours Boulder Buffalo Phoenix Independence Victoria Florence Charlotte Savannah Paris Austin Houston Jackson Madison Lincoln Washington Sydney Israel Cuba Mali Niger Oman Peru'.split(
    ' ',
  );

/** The ambiguous word plainly used: not a name. `{w}` its lower case, `{W}` at the head of a sentence. */
export const PLAIN_USES: string[] = `
will|Will you be there? I will.|Will this work?|It will be fine.|Will the build pass?|Where there is a will there is a way.|Will do, thanks.
mark|Please mark the ticket as done.|Mark all as read.|The mark on the wall|Mark the date in your calendar.|quotation mark
rose|Prices rose again.|She gave him a red rose.|Rose bushes need water.|The sun rose at six.
may|You may leave.|May I ask something?|It may rain in May.|This may take a while.
bill|Pay the bill today.|The bill passed the senate.|Bill me later.|my phone bill is too high
grant|Grant access to the user.|We received a grant.|GRANT SELECT ON users|Grant them permission.
chase|Chase the payment.|They chase the ball.
hope|I hope this helps.|Hope you are well.|Hope this email finds you well.
joy|What a joy.|Joy and sorrow
grace|a grace period of five days|Grace is a virtue.
faith|in good faith|Faith moves mountains.
frank|Let me be frank.|Frank answers are welcome.
rich|Rich text editor|The rich get richer.
pat|a pat on the back|Pat it dry.
art|State of the art|Art is long.|modern art
gene|The gene is expressed.|Gene therapy works.
drew|He drew a line.|She drew a picture.
jack|the headphone jack|Jack of all trades
max|the max value|Max length is ten.|set max to 5
page|Turn the page.|Page not found|Page 3 of 10
reading|I am reading a book.|Reading is fun.|Reading the file failed.
bath|I took a bath.|Bath towels are on sale.
nice|That is nice.|Nice work!|Nice to meet you.
mobile|Mobile app|my mobile is off|Mobile phones are banned.
turkey|roast turkey|Turkey sandwich
china|fine china plates
jordan|my new Jordan sneakers
orange|An orange a day|Orange juice
split|Split the string.|Split the bill
cork|Pull the cork.
deal|What a deal!|Deal with it.
java|The Java class is missing.|Java is a language.|Java 17
case|In case of fire|Case closed.|Case sensitive
chance|a second chance|Chance of rain
love|I love it.|Love this!
young|Young people like it.
long|Long story short|How long is it?
king|The king is dead.|King size bed
cook|Cook for ten minutes.|I cook every day.
baker|the baker sells bread|Baker wanted
taylor|taylor series expansion
hunter|The hunter shot a deer.
field|Field is required.|the field name
park|Park the car.|a walk in the park
bush|a bush in the garden
stone|Stone by stone
brown|Brown rice|a brown dog
green|Green tea|The build is green.
white|White space matters.|white paper
black|Black coffee|black box test
gold|Gold prices fell.
ford|We ford the river.
apple|An apple a day|apple pie
amazon|the amazon rainforest
orange|Orange is a colour.
target|Target audience|The target is missing.|target: es2022
shell|Shell script|the shell prompt|Shell out
gap|Mind the gap.|a gap in the market
oracle|the oracle of the test
delta|Delta between two values|each delta
visa|a visa application|Visa required
discover|Discover new things
sage|sage advice
basil|Add basil and salt.
robin|round robin scheduling
victor|to the victor
miles|ten miles away|Miles to go
dean|The dean spoke.
major|Major version bump|a major problem
van|The van broke down.
sandy|a sandy beach
sue|They will sue.
josh|just josh around
carol|a Christmas carol
dawn|at dawn|Dawn broke.
summer|Summer is here.|last summer
april|on April 3|In April we ship.
june|by June 2024|June sales
august|in August|August figures
star|Star the repository.|a star is born
melody|a simple melody
sky|blue sky
crystal|Crystal clear
pearl|a pearl necklace
amber|amber alert|an amber light
jade|jade green
ruby|Ruby on Rails|Ruby gems
python|Python script|a python
swift|Swift action|swift code
rust|Rust compiler|rust on the car
go|Go modules|Go ahead.
chad|a hanging chad
`
  .trim()
  .split('\n')
  .flatMap((line) => line.split('|').slice(1));

/** Sentences with capitals and figures and no name. */
export const PLAIN: string[] = `
The Quick Start guide explains the setup.|Click Save and then Close.|Error: connection refused|HTTP 404 Not Found|Please Reply All to this message.|Terms and Conditions apply.|All Rights Reserved.|Table of Contents|Getting Started|How To Install|Frequently Asked Questions|See Also: Configuration|Happy Birthday!|Merry Christmas and a Happy New Year|Good Morning everyone|Thank You for your order.|Order Number {num}|Total Amount Due: {num}|Invoice Number: {num}|Customer Service will contact you.|The Board of Directors met on Monday.|What is the weather like?|Could you help me with this?|I want to cancel my subscription.|How do I reset my password?|My card was declined.|When will my order arrive?|Please call me back at {phone}.|Send it to {email}.|The meeting is on Monday at {time}.|See you on Tuesday.|Call me on {phone} after {time}|TODO: fix the tests|FIXME later|NOTE: This is deprecated.|Breaking Changes|Bug Fixes and Improvements|Release Notes for Version {num}|Machine Learning is fun.|Artificial Intelligence and Data Science|She said Yes.|OK, thanks!|Yes, please.|No, I did not.|Why not?|Great work, team!|Dear Sir or Madam,|To whom it may concern,|Hi all,|Hello everyone,|Hi there,|Dear customer,|Dear team,|Hello World|Best,|Thanks in advance|Sent from my phone|Subject: Re: Your order {num}|Date: {date}|Re: Meeting Notes|Fwd: Quarterly Report|Part I: The Beginning|Chapter {num}: The End|Act II, Scene I|Section {num}.2 Definitions|Figure {num}: Overview of the system|The answer is {num}.|It costs {num} dollars.|There were {num} people.|I am {num} years old.|since {year}|In {year}, the law changed.|On {date} the contract ends.|The Bible and the Koran|She reads the Sunday paper.|The Internet of Things|a Python script in a Docker container|Use the React component with TypeScript.|The GitHub action failed on Linux.|Run npm install and start the server.|The SQL query returns NULL.|Open Settings and choose Privacy.|Press Ctrl and C.|Enable Two Factor Authentication.|The Windows update failed.|My iPhone is broken.|The Senior Discount applies on Mondays.|Monday Tuesday Wednesday|January February March|Spring Sale: 50% Off|Black Friday deals|Free Shipping on all orders|What are my options?|Is there a fee?|I lost my card.|User: Yes|Bot: How can I help you?|Assistant: Sure, here it is.|System: You are a helpful assistant.|Human: Write a story.|the corner of the room|Write a function that sorts a list.|Explain quantum computing to a child.|Translate this text into German.|Give me ten ideas for a blog post.|List the steps to bake bread.|Act as a travel guide.|Create a table with three columns.|I need a refund.|You are an expert in cooking.|Let me know if you have questions.|Capital letters like Courage and Order are not names.|Freedom of Speech|The Great Depression|World War II ended in 1945.|The Second Quarter was strong.|Mother and Father came.|Grandma baked a cake.|The Doctor will see you now.|Mr. President, the time has come.|The Judge ruled.|Yes Sir, right away.
`
  .trim()
  .split('|')
  .map((s) => s.trim());

export const KNOWN_ORGS =
  "Microsoft|Google|Apple|Amazon|Facebook|Meta|Netflix|Tesla|IBM|Intel|Nvidia|Oracle|SAP|Siemens|Bosch|BMW|Volkswagen|Toyota|Honda|Samsung|Sony|Nokia|Ericsson|Huawei|Alibaba|Tencent|Uber|Airbnb|Twitter|LinkedIn|Spotify|PayPal|Stripe|Visa Inc|JPMorgan Chase|Goldman Sachs|Morgan Stanley|Bank of America|Wells Fargo|Citigroup|HSBC|Barclays|Deutsche Bank|BNP Paribas|UBS|Credit Suisse|Santander|Pfizer|Moderna|Novartis|Roche|Bayer|Merck|Johnson & Johnson|Procter & Gamble|Unilever|Nestlé|Coca-Cola|PepsiCo|McDonald's|Starbucks|Walmart|Target|Costco|IKEA|Nike|Adidas|Boeing|Airbus|Lufthansa|Air France|Delta Air Lines|United Airlines|American Airlines|FedEx|UPS|DHL|Exxon Mobil|Shell|BP|Chevron|Total|Gazprom|NASA|FBI|CIA|NSA|NATO|United Nations|UNESCO|UNICEF|WHO|World Health Organization|European Union|EU|World Bank|IMF|Federal Reserve|European Central Bank|Congress|Senate|Parliament|Supreme Court|Harvard University|Stanford University|MIT|Oxford University|Cambridge University|Yale|Princeton|University of California|Reuters|BBC|CNN|New York Times|Washington Post|The Guardian|Fox News|NBC|ESPN|FIFA|UEFA|NBA|NFL|Manchester United|Real Madrid|Barcelona|Bayern Munich|Chelsea|Arsenal|Liverpool|Juventus|Red Cross|Greenpeace|Amnesty International|Salvation Army|Republican Party|Democratic Party|Labour Party|Conservative Party|Disney|Warner Bros|Universal Pictures|Paramount|AT&T|Verizon|T-Mobile|Vodafone|Comcast|General Electric|General Motors|Ford Motor Company|Lockheed Martin|Raytheon|Accenture|Deloitte|KPMG|PwC|McKinsey|Salesforce|Adobe|Cisco|Dell|HP|Lenovo|Zoom|Slack|Dropbox|Mayo Clinic|Kaiser Permanente|Blue Cross|Aetna|Cigna|Allianz|AXA|Zurich Insurance|Interpol|Scotland Yard|Pentagon|White House|Kremlin".split(
    '|',
  );
export const ORG_HEADS =
  'Global National First United Advanced Pacific Atlantic Northern Southern Western Eastern Central Royal Premier Summit Pioneer Liberty Apex Nova Alpha Omega Delta Vertex Zenith Quantum Stellar Bright Blue Red Green Silver Golden Iron Oak Maple River Lake Mountain Harbor Bay Coastal Metro Urban Digital Cyber Cloud Data Net Info Smart Open Clear True Prime Core Next Rapid Swift Solid Trust Safe Health Med Care Bio Gen Eco Solar Wind Aero Auto Agri Food Fresh'.split(
    ' ',
  );
export const ORG_TAILS =
  'Systems|Solutions|Technologies|Labs|Software|Networks|Consulting|Partners|Capital|Holdings|Group|Industries|Energy|Bank|Insurance|Financial|Logistics|Airlines|Motors|Foods|Pharma|Pharmaceuticals|Medical Center|Hospital|Clinic|University|College|School District|Institute|Foundation|Society|Association|Council|Ministry|Department of Health|Agency|Media|Studios|Records|Publishing|Press|Hotels|Resorts|Stores|Market|Services|Construction|Engineering|Design|Ventures|Investments|Trust|Telecom|Wireless|Interactive|Analytics|Robotics|Dynamics|Works'.split(
    '|',
  );
export const LEGAL = [
  'Inc.',
  'Inc',
  'LLC',
  'Ltd',
  'Ltd.',
  'GmbH',
  'AG',
  'S.A.',
  'Corp.',
  'Corporation',
  'Co.',
  'plc',
  'SE',
  'KG',
  'B.V.',
  'Oy',
  'AB',
  'SpA',
  'S.r.l.',
  'and Sons',
  '& Co',
  'Pty Ltd',
  'SAS',
  'Limited',
];
export const PREFIXES = [
  'Mr.',
  'Mrs.',
  'Ms.',
  'Dr.',
  'Mr',
  'Mrs',
  'Ms',
  'Dr',
  'Miss',
  'Prof.',
  'Professor',
  'Herr',
  'Frau',
  'Sir',
  'Señor',
  'Señora',
  'Monsieur',
  'Madame',
];
export const JOBS =
  'footballer politician writer singer actor actress painter composer lawyer journalist physicist chemist biologist teacher nurse engineer director producer philosopher economist general admiral swimmer tennis player chess player poet architect'.split(
    ' ',
  );
/** Nationalities, religions and politics. */
export const NRP =
  'American British English Scottish Welsh Irish French German Italian Spanish Portuguese Dutch Belgian Swiss Austrian Swedish Norwegian Danish Finnish Icelandic Polish Czech Slovak Hungarian Romanian Bulgarian Greek Turkish Russian Ukrainian Belarusian Lithuanian Latvian Estonian Serbian Croatian Bosnian Slovenian Albanian Macedonian Chinese Japanese Korean Vietnamese Thai Indonesian Malaysian Filipino Indian Pakistani Bangladeshi Nepali Iranian Iraqi Syrian Lebanese Israeli Palestinian Jordanian Saudi Egyptian Moroccan Algerian Tunisian Libyan Nigerian Kenyan Ethiopian Ghanaian Ugandan Mexican Canadian Brazilian Argentinian Argentine Chilean Colombian Peruvian Venezuelan Cuban Australian European African Asian Latin Arab Jewish Muslim Christian Catholic Protestant Buddhist Hindu Sikh Mormon Orthodox Sunni Shiite Republican Democrat Democratic Conservative Communist Socialist Liberal Chechen Kurdish Cambodian Mongolian Afghan Armenian Georgian Kazakh Uzbek Maltese Cypriot Luxembourgish Greenlandic Tunisian Angolan Senegalese Cameroonian Zimbabwean Zambian Somali Sudanese Yemeni Omani Kuwaiti Qatari Emirati Bolivian Ecuadorian Paraguayan Uruguayan Panamanian Guatemalan Honduran Salvadoran Nicaraguan Dominican Haitian Jamaican Swedes Danes Germans Italians Greeks Turks Russians Poles Jews Muslims Christians Catholics Hindus Arabs Americans Europeans Africans Asians Mexicans Canadians Australians Indians Brits Scots'.split(
    ' ',
  );
