import type { Violation } from "../common/violation";

/** Where the password of a database comes from: made with its instance, stored before with its server, or from nowhere. */
export type PasswordUse =
  | { readonly kind: "made" }
  | { readonly kind: "stored"; readonly name: string; readonly revision: number }
  | { readonly kind: "none" };

/** Passwords of databases, by their names in the configuration. */
export type PasswordId = "databasePassword" | "retoolDatabasePassword" | "temporalDatabasePassword";

/** Where each database's password comes from. */
export type PasswordUses = Readonly<Record<PasswordId, PasswordUse>>;

/** An environment whose only database is the instance that it makes. */
export const ONE_PASSWORD: PasswordUses = {
  databasePassword: { kind: "made" },
  retoolDatabasePassword: { kind: "none" },
  temporalDatabasePassword: { kind: "none" },
};

/** What to do about a password that the configuration gives and nothing asks for. */
const REMEDIES: Readonly<Record<PasswordId, Readonly<Record<"stored" | "none", string>>>> = {
  databasePassword: { stored: "remove it: database.secret names the password", none: "remove it" },
  retoolDatabasePassword: {
    stored: "remove it: retoolDatabase.secret names the password",
    none: 'remove it, or set retoolDatabase to "dedicated"',
  },
  temporalDatabasePassword: {
    stored: "remove it: temporal.database.secret names the password",
    none: 'remove it, or use a Temporal of kind "local" whose database is created here',
  },
};

/** Finds passwords that nothing asks for. */
export function passwordViolations(
  given: Readonly<Partial<Record<PasswordId, unknown>>>,
  uses: PasswordUses,
): Violation[] {
  return (Object.keys(REMEDIES) as PasswordId[]).flatMap((id) => {
    const { kind } = uses[id];
    if (kind === "made" || given[id] === undefined) return [];
    return [
      {
        path: `secrets.${id}`,
        problem: "sets a password for a database instance that this configuration does not create",
        remedy: REMEDIES[id][kind],
      },
    ];
  });
}
