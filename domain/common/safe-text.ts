import { withoutCredentials } from "./credentials";
import type { Violation } from "./violation";

/** Longest quoted value in a message, with its quotes. */
const LONGEST_VALUE = 84;

/** Longest path in a message. */
const LONGEST_PATH = 160;

/**
 * Makes a violation fit to be printed, for any configuration: one line of visible ASCII, long values cut, and
 * no credential repeated.
 */
export function safeViolation<Of extends Violation>(violation: Of): Of {
  return {
    ...violation,
    path: safeText(violation.path).slice(0, LONGEST_PATH),
    problem: cutValues(safeText(violation.problem)),
    remedy: cutWords(safeText(violation.remedy)),
  };
}

function safeText(text: string): string {
  const shown = SECRETS.reduce((result, [pattern, instead]) => result.replaceAll(pattern, instead), text);
  return escaped(withoutCredentials(shown));
}

/** Credentials of which a part may be shown, so that the text is found again. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/"]+@/gi, "$1***@"],
  [/\b((?:AKIA|ASIA)[A-Z0-9]{4})[A-Z0-9]{8,}/g, "$1***"],
  [/\b(sk-|SSOP_|ghp_|xox[abp]-)[A-Za-z0-9_-]{6,}/g, "$1***"],
  // Without a scheme, as in the name of a registry.
  [/(?<=["\s/])[\w.+-]+:[^\s/"@:]+@(?=[\w.-])/g, "***@"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*/g, "a private key"],
];

/** Control characters, and letters that look like others, by their numbers: a message must show what was written. */
function escaped(text: string): string {
  return text.replaceAll(
    /[^\x20-\x7e]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}}`,
  );
}

/** A value may also stand in a message without quotes. */
function cutWords(text: string): string {
  return text.replaceAll(/[^\s"]{200,}/g, (word) => `${word.slice(0, LONGEST_VALUE)}...`);
}

function cutValues(text: string): string {
  return cutWords(text).replaceAll(/"(?:[^"\\]|\\.)*"/g, (value) =>
    value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 4)}..."`,
  );
}
