import { followsFromIdentity } from "../../../domain/environment/differences";

const PROD = { name: "prod", account: "111122223333", region: "us-east-1", domain: "retool.example.com" };
const STAGING = { name: "staging", account: "444455556666", region: "eu-west-1", domain: "retool.staging.example.com" };

test.each<[unknown, unknown, boolean]>([
  ["retool-staging", "retool-prod", true],
  ["retool/staging/encryption-key", "retool/prod/encryption-key", true],
  ["retool-staging-444455556666-eu-west-1", "retool-prod-111122223333-us-east-1", true],
  [["*.retool.staging.example.com"], ["*.retool.example.com"], true],
  [{ Sid: "a", AWS: "arn:aws:iam::444455556666:root" }, { Sid: "a", AWS: "arn:aws:iam::111122223333:root" }, true],
  ["retool-staging", "retool-production", false],
  ["reproduce-staging", "reproduce-prod-2", false],
  ["stagings", "prods", false],
  [2, 3, false],
  [undefined, "retool-prod", false],
  [["10.0.0.0/19"], ["10.0.0.0/19", "10.0.64.0/19"], false],
])("%j and %j differ by nothing but the environments they belong to: %j", (from, to, expected) => {
  expect(followsFromIdentity({ from, to }, STAGING, PROD)).toBe(expected);
});

test("a dot in a domain is a dot", () => {
  const change = { from: "retoolxexample.com", to: "retool.example.com" };

  expect(followsFromIdentity(change, PROD, PROD)).toBe(false);
});
