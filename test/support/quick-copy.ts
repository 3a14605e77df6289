import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the AWS CLI prints for `eks get-token`, with a token that the driver's front takes. */
const TOKEN = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1beta1",
  spec: {},
  status: {
    expirationTimestamp: "2099-01-01T00:00:00Z",
    token: `k8s-aws-v1.${Buffer.from("https://sts/?Action=GetCallerIdentity&X-Amz-SignedHeaders=host;x-k8s-aws-id").toString("base64url")}`,
  },
});

/**
 * Makes many runs of `npm run local` in a copy of the project quick: only `local` is synthesized, with less in AWS, and once for each
 * way of deploying it; a token costs no start of the AWS CLI. Kills in AWS and in a synthesis are another test's.
 */
export function quicken(copy: string): void {
  const config = (name: string): string => join(copy, "config", name);
  const less = [
    'network: { zones: 2, nat: "single" },',
    'egress: { level: "open" },',
    'observability: { alarms: { kind: "off" }, dashboard: false },',
  ];
  const text = readFileSync(config("local.ts"), "utf8");
  writeFileSync(config("local.ts"), text.replace("workloads:", `${less.join(" ")} workloads:`));
  writeFileSync(config("index.ts"), 'import { local } from "./local";\nexport const environments = { local };\n');
  replaceProgram(join(copy, "node_modules"), ".bin", "cdktf", (real) => [
    '[ -f cdktf.out/stacks/local/cdk.tf.json ] && [ "$CDKTF_CONTEXT_JSON" = "$(cat .local/synthesized)" ] && exit 0',
    `'${real}' "$@" || exit $?`,
    'printf %s "$CDKTF_CONTEXT_JSON" > .local/synthesized',
  ]);
  replaceProgram(join(copy, ".local", "venv"), "bin", "aws", (real) => [
    `case " $* " in *" get-token "*) echo '${TOKEN}' ;; *) exec '${real}' "$@" ;; esac`,
  ]);
}

/** Replaces a link to a folder by a folder of links to what is in it, but for one program. */
function replaceProgram(
  folder: string,
  programs: string,
  name: string,
  script: (real: string) => readonly string[],
): void {
  const real = realpathSync(folder);
  rmSync(folder);
  mkdirSync(join(folder, programs), { recursive: true });
  const link = (path: string): void => {
    symlinkSync(join(real, path), join(folder, path));
  };
  for (const entry of readdirSync(real)) if (entry !== programs) link(entry);
  for (const entry of readdirSync(join(real, programs))) if (entry !== name) link(join(programs, entry));
  const lines = ["#!/bin/sh", ...script(join(real, programs, name)), ""];
  writeFileSync(join(folder, programs, name), lines.join("\n"), { mode: 0o755 });
}
