import { type Check, CHECKS } from "../../../domain/doctor/checks";
import type { Finding } from "../../../domain/doctor/finding";
import { AFTER } from "../../support/doctor-after";
import { BEFORE, type DoctorCases } from "../../support/doctor-before";
import { expectGolden } from "../../support/golden";

/** A check without cases is a mistake of types. */
const CASES: Readonly<Record<Check, DoctorCases>> = { ...BEFORE, ...AFTER };

interface Said {
  readonly name: string;
  readonly findings: readonly Finding[];
}

const found = new Map<Check, readonly Said[]>();

beforeAll(async () => {
  for (const check of CHECKS) {
    const cases = Object.entries(CASES[check]).map(async ([name, findings]) => ({
      name,
      findings: (await findings()).filter((finding) => finding.check === check),
    }));
    found.set(check, await Promise.all(cases));
  }
});

const faultsOf = (check: Check): Finding[] =>
  (found.get(check) ?? []).flatMap(({ findings }) => findings).filter(({ grade }) => grade !== "good");

describe.each(CHECKS)("%s", (check) => {
  test("is good, and is at fault in two ways at least", () => {
    const said = found.get(check) ?? [];
    const isGood = said.some(({ findings }) => findings.length > 0 && findings.every(({ grade }) => grade === "good"));

    expect(isGood).toBe(true);
    expect(new Set(faultsOf(check).map(({ what }) => what)).size).toBeGreaterThanOrEqual(2);
    expect(said.filter(({ findings }) => findings.length === 0)).toEqual([]);
  });

  test("says what, why, what to do and where to read on, each on one line", () => {
    for (const { what, why, remedy, link } of faultsOf(check))
      for (const text of [what, why, remedy, link]) expect(text).toMatch(/^\S.*\S$/);
  });
});

test("the messages are the reviewed ones", () => {
  const text = ({ grade, what, why, remedy, link }: Finding): string =>
    [`  ${grade}: ${what}`, ...[why, remedy, link].flatMap((part) => (part === undefined ? [] : [`    ${part}`]))].join(
      "\n",
    );
  const section = (check: Check): string =>
    (found.get(check) ?? [])
      .map(({ name, findings }) => [`${check}, ${name}`, ...findings.map(text)].join("\n"))
      .join("\n");

  expectGolden("doctor.txt", `${CHECKS.map(section).join("\n\n")}\n`);
});
