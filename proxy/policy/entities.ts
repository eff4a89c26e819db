import type { FindingCategory } from '../contract/index.js';

/**
 * Families of the entities that rules, restoration and imports know by name (Presidio spelling). A finding carries its own
 * category; this table is for places that only know the entity's name.
 */
const BY_CATEGORY: Partial<Record<FindingCategory, string>> = {
  financial:
    'CREDIT_CARD CREDIT_CARD_TRACK CARD_CVV CARD_EXPIRY CREDIT_CARD_CVV CREDIT_CARD_EXPIRATION CVV IBAN_CODE IBAN US_BANK_NUMBER BANK_ACCOUNT ABA_ROUTING_NUMBER SWIFT_CODE BIC CRYPTO AU_ABN AU_ACN IN_GSTIN PIN NO_BANK_ACCOUNT MX_CLABE AR_CBU ISIN CUSIP LEI',
  'national-id':
    'US_SSN US_ITIN US_PASSPORT US_DRIVER_LICENSE PASSPORT DRIVER_LICENSE UK_NINO UK_PASSPORT ES_NIF ES_NIE IT_FISCAL_CODE IT_DRIVER_LICENSE IT_VAT_CODE IT_PASSPORT IT_IDENTITY_CARD PL_PESEL SG_NRIC_FIN SG_UEN AU_TFN IN_PAN IN_AADHAAR IN_VOTER IN_PASSPORT IN_VEHICLE_REGISTRATION FI_PERSONAL_IDENTITY_CODE KR_RRN TH_TNIN DE_TAX_ID DE_ID_CARD FR_NIR FR_CNI CA_SIN BR_CPF BR_CNPJ MX_CURP NL_BSN SE_PERSONNUMMER NO_FODSELSNUMMER DK_CPR JP_MY_NUMBER CN_RESIDENT_ID ZA_ID NATIONAL_ID JMBG',
  health:
    'AU_MEDICARE CA_HEALTH_NUMBER DE_KVNR UK_NHS US_NPI US_MBI MEDICAL_LICENSE MEDICAL_RECORD_NUMBER MRN HEALTH_INSURANCE_ID US_HEALTH_INSURANCE_ID',
  contact: 'EMAIL_ADDRESS PHONE_NUMBER STREET_ADDRESS ADDRESS US_ZIP_CODE',
  person: 'PERSON',
  location: 'LOCATION GPE COORDINATES ZIP_CODE',
  'other-pii': 'ORGANIZATION ORG DATE_TIME DATE_OF_BIRTH AGE TITLE NRP URL DOMAIN_NAME USERNAME EMPLOYEE_ID FDA_CODE LICENSE_PLATE',
  network: 'IP_ADDRESS MAC_ADDRESS IMEI IMSI ICCID VIN VEHICLE_IDENTIFICATION_NUMBER',
  prompt: 'PROMPT_INJECTION JAILBREAK INVISIBLE_TEXT DESTRUCTIVE_REQUEST EXFILTRATION_REQUEST',
};

const CATEGORY = new Map<string, FindingCategory>();
for (const [category, names] of Object.entries(BY_CATEGORY)) for (const n of names.split(' ')) CATEGORY.set(n, category as FindingCategory);

/** Every entity name of the table. */
export const KNOWN_ENTITIES: readonly string[] = [...CATEGORY.keys()];

const SECRET =
  /(?:_KEY|_TOKEN|_SECRET|PASSWORD|CREDENTIAL|_DSN|WEBHOOK|COOKIE|AUTH_HEADER|SIGNED_URL|URL_WITH_CREDENTIALS|SERVICE_ACCOUNT)S?$/;
/** Country, then what: the form of identity numbers that the table does not name. */
const BY_COUNTRY = /^[A-Z]{2}(?:_[A-Z]{2})?_[A-Z0-9_]+$/;

/**
 * Category of an entity by its name. Names of secrets are known by their endings, identity numbers by their country; where nothing
 * is known it is custom.
 */
export function categoryOf(entity: string): FindingCategory {
  const known = CATEGORY.get(entity);
  if (known) return known;
  if (SECRET.test(entity) || entity.startsWith('SECRET')) return 'secret';
  return BY_COUNTRY.test(entity) ? 'national-id' : 'custom';
}
