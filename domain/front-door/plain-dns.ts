import type { Violation } from "../common/violation";
import { zoneIdViolations } from "./dns-violations";
import { baseName, hostViolations, LONGEST_COMMON_NAME, MOST_CERTIFICATE_NAMES } from "./hostnames";

/** What a hosted zone by itself is made from; a parent that is made in the same apply has no id yet. */
export interface PlainZoneSpec {
  /** Domain of the zone. */
  readonly domain: string;
  /**
   * Id of the zone above it, where it is known.
   *
   * @default - not checked
   */
  readonly parentZoneId?: string;
}

/** Finds what no hosted zone can be made from. */
export function plainZoneViolations({ domain, parentZoneId }: PlainZoneSpec): Violation[] {
  return [...hostViolations("domain", domain), ...zoneIdViolations("parentZoneId", parentZoneId)];
}

/** Finds names for which ACM issues no certificate; a `*.` in front covers one label. */
export function plainCertificateViolations(names: readonly string[]): Violation[] {
  const path = "names";
  const [common] = names;
  if (common === undefined) return [{ path, problem: "names no host", remedy: 'add one, such as "tools.example.com"' }];
  const twin = names.find((name, index) => names.indexOf(name) < index);
  const { length } = common;
  const firstIsLong = {
    path: `${path}[0]`,
    problem: `has ${length} characters, more than ACM takes as the first name`,
  };
  return [
    ...names.flatMap((name, index) => hostViolations(`${path}[${index}]`, baseName(name))),
    ...(length > LONGEST_COMMON_NAME
      ? [{ ...firstIsLong, remedy: `put a name of at most ${LONGEST_COMMON_NAME} first` }]
      : []),
    ...(names.length > MOST_CERTIFICATE_NAMES
      ? [
          {
            path,
            problem: `lists ${names.length} names, and ACM allows ${MOST_CERTIFICATE_NAMES}`,
            remedy: "use wildcards, or a second certificate",
          },
        ]
      : []),
    ...(twin === undefined ? [] : [{ path, problem: `lists "${twin}" twice`, remedy: "remove one of the two" }]),
  ];
}
