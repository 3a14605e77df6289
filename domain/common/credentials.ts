/** What the text of a credential is called, by its form. */
interface CredentialForm {
  /** Name with its article. */
  readonly name: string;
  /** How it is recognized, anywhere in a text. */
  readonly pattern: RegExp;
}

const HEX_OR_BASE64_KEY = /^(?:[0-9a-f]{32,128}|(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/]{40,128}={0,2})$/;

/**
 * Forms that name themselves.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html,
 * https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns and the pages of the
 * services.
 */
const FORMS: readonly CredentialForm[] = [
  { name: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { name: "an address with a password", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@"']*:[^\s/"']+@[^\s@]/i },
  {
    name: "an address with a credential in its query",
    pattern: /[?&](api[_-]?key|(access|auth)[_-]?token|token|(client[_-]?)?secret|password|sig)=[^&\s"']{8,}/i,
  },
  {
    name: "a connection string with a password",
    pattern: /\b(password|pwd|accountkey|sharedaccesskey)\s*=\s*[^;\s]+/i,
  },
  { name: "an AWS access key id", pattern: /\b(AKIA|ASIA)[A-Z2-7]{12,}/ },
  { name: "a key of Retool", pattern: /\b(SSOP_[0-9a-f-]{8,}|retool_[0-9a-z]{20,})/i },
  { name: "a token of GitHub", pattern: /\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})/ },
  { name: "a token of GitLab", pattern: /\bgl(pat|ptt|dt|rt|cbt|soat)-[\w-]{16,}/ },
  { name: "a token of Slack", pattern: /\b(xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,})/ },
  { name: "a webhook of Slack", pattern: /hooks\.slack\.com\/(services|workflows|triggers)\/\w+/ },
  { name: "a key of Google", pattern: /\b(AIza[\w-]{30,}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,})/ },
  { name: "the key of a Google service account", pattern: /"private_key"\s*:/ },
  {
    name: "a key of a model provider",
    pattern: /\b(sk-(ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{20,})/,
  },
  { name: "a key of Stripe", pattern: /\b[rs]k_(live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{16,}/ },
  { name: "a token of DigitalOcean", pattern: /\bdo[opr]_v1_[0-9a-f]{32,}/ },
  { name: "a key of SendGrid", pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/ },
  { name: "a token of npm", pattern: /\bnpm_[A-Za-z0-9]{30,}/ },
  { name: "a token of PyPI", pattern: /\bpypi-[\w-]{30,}/ },
  { name: "a token of Databricks", pattern: /\bdapi[0-9a-f]{32}/ },
  { name: "a token of Atlassian", pattern: /\bATATT3[\w=-]{20,}/ },
  { name: "a key of Twilio", pattern: /\bSK[0-9a-f]{32}\b/ },
  { name: "a signed token (JWT)", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/ },
  { name: "a header with a token", pattern: /\b(Bearer|Basic)\s+(?=\S*\d|\S{24})[\w.~+/=-]{12,}/i },
];

/**
 * Says what credential a text holds; `undefined` where it holds none that names itself.
 *
 * The text itself never stands in a message.
 */
export function credentialIn(text: string): string | undefined {
  return FORMS.find(({ pattern }) => pattern.test(text))?.name;
}

/** Says whether a whole text is a key without a distinctive form: hexadecimal digits, base64, the secret key of AWS. */
export function isKeyMaterial(text: string): boolean {
  return HEX_OR_BASE64_KEY.test(text.trim());
}

/** A text without the credentials in it. */
export function withoutCredentials(text: string): string {
  return FORMS.reduce((rest, { name, pattern }) => {
    const global = new RegExp(pattern.source, `${pattern.flags}g`);
    return rest.replaceAll(global, `(${name})`);
  }, text);
}

const SECRET_NAME =
  /(^|[_-])(passwords?|passwd|pwd|pass|passphrase|secrets?|tokens?|credentials?|creds|api_?keys?|private_?keys?|access_?keys?|secret_?keys?|signing_?keys?|encryption_?keys?|auth_?keys?|connection_?strings?)$/i;
const RUN_TOGETHER = /(password|passphrase|apikey|accesskey|secretkey|privatekey|authtoken|accesstoken)$/i;
const KEY_OF_SECRETS = /(^|_)secret_key(_|$)|(^|_)(access_key_id|secret_access_key)$/i;

/** Says whether a variable of a name holds a secret, for any value. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || RUN_TOGETHER.test(name) || KEY_OF_SECRETS.test(name);
}
