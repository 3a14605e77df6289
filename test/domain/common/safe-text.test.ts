import fc from "fast-check";

import { safeViolation } from "../../../domain/common/safe-text";
import { formatViolation } from "../../../domain/common/violation";

const problem = (text: string): string => safeViolation({ path: "it", problem: text, remedy: "r" }).problem;

describe("safeViolation", () => {
  test.each([
    ["a newline", '"a\nb" is bad', '"a\\u{000a}b" is bad'],
    ["an escape sequence", '"\u001b[31mred"', '"\\u{001b}[31mred"'],
    ["a Cyrillic letter", '"r\u0435tool.example.com"', '"r\\u{0435}tool.example.com"'],
    ["text from right to left", '"a\u202eb"', '"a\\u{202e}b"'],
    ["a password in a URL", '"postgres://u:p@ss@h/db" is not a host', '"postgres://***@h/db" is not a host'],
    ["an access key", '"AKIAIOSFODNN7EXAMPLE" is not a name', '"AKIAIOSF***" is not a name'],
    ["an API key", '"sk-abcdef0123456789"', '"sk-***"'],
    ["a license key", '"SSOP_0123-4567-89ab"', '"SSOP_***"'],
    ["a private key", '"-----BEGIN RSA PRIVATE KEY-----MIIE"', '"a private key"'],
    ["a short value", '"10.0.0.0/16" and "10.0.0.0/8" overlap', '"10.0.0.0/16" and "10.0.0.0/8" overlap'],
  ])("shows %s as what it is", (_what, text, shown) => {
    expect(problem(text)).toBe(shown);
  });

  test("cuts long values", () => {
    expect(problem(`"${"x".repeat(500)}" is long`)).toBe(`"${"x".repeat(79)}..." is long`);
    expect(problem(`version ${"x".repeat(500)} is long`)).toBe(`version ${"x".repeat(84)}... is long`);
  });

  test("is one line of visible characters for any input, and is idempotent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (path, text) => {
        const once = safeViolation({ path, problem: text, remedy: text });

        expect(formatViolation(once)).toMatch(/^[\x20-\x7e]*$/);
        expect(safeViolation(once)).toEqual(once);
      }),
    );
  });
});
