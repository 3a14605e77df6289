import type { Fact } from "../common/fact";
import { type Finding, good, judged } from "./finding";

/** What is known of the secret with the license key; the key itself is not in it. */
export interface LicenseFacts {
  /** Whether the secret exists. */
  readonly exists: boolean;
  /** Day on which it will be gone; undefined where nobody deleted it. */
  readonly deletedOn?: string;
  /** Whether it holds a text. */
  readonly isEmpty?: boolean;
  /** Whether the text begins or ends with white space, such as the newline of a file. */
  readonly hasSpace?: boolean;
  /** Last day that a key in the form of a JSON Web Token names. */
  readonly endsOn?: string;
}

const LINK = "docs/guides/secrets.md";

/** Reads what may be known of a license key, so that the key itself goes no further. */
export function licenseFacts(key: string): LicenseFacts {
  return {
    exists: true,
    isEmpty: key.trim() === "",
    hasSpace: key !== key.trim(),
    endsOn: endOf(key.trim()),
  };
}

function endOf(key: string): string | undefined {
  const [, payload = ""] = key.split(".");
  const match = /"exp"\s*:\s*(\d{9,11})\b/.exec(decodeBase64Url(payload));
  return match === null ? undefined : new Date(Number(match[1]) * 1000).toISOString().slice(0, 10);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** ASCII of a text in base64url; empty for anything else. */
function decodeBase64Url(text: string): string {
  let [bits, length, decoded] = [0, 0, ""];
  for (const character of text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return "";
    bits = ((bits << 6) | value) & 0xffff;
    length += 6;
    if (length >= 8) {
      length -= 8;
      decoded += String.fromCharCode((bits >> length) & 0xff);
    }
  }
  return decoded;
}

type Fault = Pick<Finding, "what" | "why" | "remedy">;

/** The secret that the license key is in. */
interface Place {
  readonly name: string;
  readonly region: string;
}

/** Judges the secret with the license key. */
export function licenseFindings(
  place: Place,
  fact: Fact<LicenseFacts>,
  today: string,
  inThirtyDays: string,
): Finding[] {
  return judged("license", fact, (facts) => {
    const { name } = place;
    const { endsOn } = facts;
    const fault = secretFault(place, facts) ?? keyFault(place, facts);
    if (fault !== undefined) return { check: "license", grade: "problem", ...fault, link: LINK };
    if (endsOn === undefined || endsOn >= inThirtyDays)
      return good("license", `the secret ${name} holds a key${endsOn === undefined ? "" : ` that ends on ${endsOn}`}`);
    return {
      check: "license",
      grade: endsOn < today ? "problem" : "warning",
      what: `the license key ${endsOn < today ? "ended" : "ends"} on ${endsOn}`,
      why: "Retool refuses to work without a valid license",
      remedy: `ask Retool for a new key, then ${storing(place)}`,
      link: LINK,
    };
  });
}

/** Reads the key from a file, without white space and without showing it in the list of processes. */
const FROM_FILE = "tr -d '[:space:]' < license.txt | aws secretsmanager";

const storing = ({ name, region }: Place): string =>
  `${FROM_FILE} put-secret-value --region ${region} --secret-id ${name} --secret-string file:///dev/stdin`;

/** What is wrong with the secret that holds the key. */
function secretFault({ name, region }: Place, { exists, deletedOn }: LicenseFacts): Fault | undefined {
  if (!exists)
    return {
      what: `there is no secret ${name}`,
      why: "the apply stops where it reads the license key",
      remedy: `${FROM_FILE} create-secret --region ${region} --name ${name} --secret-string file:///dev/stdin`,
    };
  if (deletedOn === undefined) return undefined;
  return {
    what: `the secret ${name} was deleted and is gone on ${deletedOn}`,
    why: "it cannot be read any more, and its name cannot be used again before that day",
    remedy: `aws secretsmanager restore-secret --region ${region} --secret-id ${name}`,
  };
}

/** What is wrong with the text in it. */
function keyFault(place: Place, { isEmpty = false, hasSpace = false }: LicenseFacts): Fault | undefined {
  const { name } = place;
  if (isEmpty)
    return { what: `the secret ${name} is empty`, why: "Retool starts without a license", remedy: storing(place) };
  if (!hasSpace) return undefined;
  return {
    what: `the secret ${name} begins or ends with white space, such as a newline`,
    why: "Retool takes it for part of the key and refuses the license",
    remedy: storing(place),
  };
}
