import type { Violation } from "../common/violation";
import { baseName, hostViolations, LONGEST_COMMON_NAME, MOST_CERTIFICATE_NAMES } from "./hostnames";

/**
 * Finds names for which ACM issues no certificate; a `*.` in front covers one label.
 *
 * @param names - The names, the common name first; `undefined` for one that only Terraform knows.
 */
export function plainCertificateViolations(names: readonly (string | undefined)[]): Violation[] {
  const path = "names";
  if (names.length === 0) return [{ path, problem: "names no host", remedy: 'add one, such as "tools.example.com"' }];
  const twin = names.find((name, index) => name !== undefined && names.indexOf(name) < index);
  const { length } = names[0] ?? "";
  const firstIsLong = {
    path: `${path}[0]`,
    problem: `has ${length} characters, more than ACM takes as the first name`,
  };
  return [
    ...names.flatMap((name, index) => (name === undefined ? [] : hostViolations(`${path}[${index}]`, baseName(name)))),
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
