/** One element of DER: its tag, its content and where the next one begins. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly next: number;
}

const SEQUENCE = 0x30;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** Fields of a certificate before its validity: serial number, algorithm and issuer. */
const FIELDS_BEFORE_VALIDITY = 3;

/**
 * Reads until when a certificate in PEM is valid; the first one where there are several.
 *
 * Source: RFC 5280, sections 4.1 and 4.1.2.5.
 *
 * @returns The day as `YYYY-MM-DD`; undefined where the text cannot be read.
 */
export function certificateEnd(pem: string): string | undefined {
  const bytes = bytesOf(pem);
  const certificate = inside(bytes && element(bytes, 0));
  const fields = elements(inside(certificate && element(certificate, 0)));
  const first = fields[0]?.tag === VERSION ? 1 : 0;
  const validity = fields[first + FIELDS_BEFORE_VALIDITY];
  const [, end] = elements(inside(validity));
  return end && dayOf(end);
}

function bytesOf(pem: string): Uint8Array | undefined {
  const base64 = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  const text = base64?.replaceAll(/\s/g, "");
  if (
    text === undefined ||
    !/^([A-Za-z0-9+/]{4})+$|^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/.test(text)
  )
    return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function inside(found: Element | undefined): Uint8Array | undefined {
  return found?.tag === SEQUENCE ? found.content : undefined;
}

function elements(bytes: Uint8Array | undefined): Element[] {
  const found: Element[] = [];
  let at = 0;
  while (bytes !== undefined && at < bytes.length) {
    const one = element(bytes, at);
    if (one === undefined) return found;
    found.push(one);
    at = one.next;
  }
  return found;
}

/** The element at a place; undefined where it does not end within the bytes. */
function element(bytes: Uint8Array, at: number): Element | undefined {
  const [tag, length] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || length === undefined) return undefined;
  // From 128 on it is the number of bytes that hold the length.
  const more = length < 128 ? 0 : length - 128;
  const start = at + 2 + more;
  const size = more === 0 ? length : bytes.slice(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const next = start + size;
  return next > bytes.length ? undefined : { tag, content: bytes.slice(start, next), next };
}

/** Two digits of a year mean 1950 to 2049. */
function dayOf({ tag, content }: Element): string | undefined {
  const text = String.fromCharCode(...content);
  const years = { [UTC_TIME]: 2, [GENERALIZED_TIME]: 4 }[tag];
  if (years === undefined || !/^\d+Z$/.test(text)) return undefined;
  const year = text.slice(0, years);
  const century = years === 4 ? "" : Number(year) < 50 ? "20" : "19";
  return `${century}${year}-${text.slice(years, years + 2)}-${text.slice(years + 2, years + 4)}`;
}
