import type { Violation } from "./violation";

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, parameter Name. */
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** Finds names that no secret can have. The text is not repeated: it may be the secret itself. */
export function secretNameViolations(name: string, path: string): Violation[] {
  if (SECRET_NAME.test(name)) return [];
  return [
    {
      path,
      problem: `the ${name.length} characters given are not the name of a secret`,
      remedy: "store the value in Secrets Manager and write the secret's name here",
    },
  ];
}
