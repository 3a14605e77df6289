import { formatViolation } from "../../../domain/common/violation";
import { plainCertificateViolations } from "../../../domain/front-door/plain-dns";

const NAMES = Array.from({ length: 11 }, (_, index) => `n${index}.example.com`);

test.each([
  [[], ['names: names no host; add one, such as "tools.example.com"']],
  [["tools.example.com", "*.tools.example.com"], []],
  [[undefined, undefined], []],
  [[undefined, "tools"], [expect.stringMatching(/^names\[1\]: "tools" is not below a registrable domain/)]],
  [
    ["https://tools.example.com"],
    ['names[0]: "https://tools.example.com" is not a host name; use "tools.example.com"'],
  ],
  [["a.example.com", "a.example.com"], ['names: lists "a.example.com" twice; remove one of the two']],
  [NAMES, ["names: lists 11 names, and ACM allows 10; use wildcards, or a second certificate"]],
  [NAMES.slice(1), []],
  [
    [`${"a".repeat(53)}.example.com`],
    ["names[0]: has 65 characters, more than ACM takes as the first name; put a name of at most 64 first"],
  ],
  [[`${"a".repeat(52)}.example.com`], []],
])("the names of a certificate, %j", (names, expected) => {
  expect(plainCertificateViolations(names).map(formatViolation)).toEqual(expected);
});
