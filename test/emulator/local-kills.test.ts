import { existsSync } from "node:fs";

import { paths as own } from "../../local/paths";
import type { Victim } from "../support/kills";
import { faultOf, kept, localBench, reasonsIn, runLocal } from "../support/local-bench";
import { type Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/** How to go on, as a failed run says it. */
const AGAIN = expect.stringContaining("`npm run local -- --keep` goes on from here") as string;

/**
 * What is slow in AWS, by the request that makes it. Each kill comes at the answer to the first of them that none was at yet: their
 * order depends on how busy the machine is, and the last two follow on others.
 */
const SLOW = new Set([
  /^CreateLoadBalancer /,
  / POST \/clusters$/,
  /^CreateDBInstance /,
  /^CreateListener /,
  / POST \/clusters\/[^/]+\/node-groups$/,
]);

/** What is killed, and what is said then; each goes on from what the one before left. */
const KILLS: readonly (readonly [victim: Victim, said: readonly string[]])[] = [
  ["terraform", [expect.stringMatching(/^terraform apply: was stopped by SIGKILL /) as string, AGAIN]],
  ["provider", [expect.stringMatching(/^terraform apply: a provider ended while it worked /) as string, AGAIN]],
  ["command", []],
];

describeOnEmulator("npm run local, killed", () => {
  let bench: Bench;
  beforeAll(async () => (bench = await localBench()), MINUTES);
  afterAll(async () => bench.close());

  test.each(KILLS)(
    "%s, at a slow request: says in a line why it ended, and in one how to go on",
    async (victim, said) => {
      const { wasKilled, output } = await bench.killedWhen(
        ({ operation, request }, moment) => {
          const slow = moment === "answered" && [...SLOW].find((one) => one.test(`${operation} ${request}`));
          return slow && SLOW.delete(slow) ? "lost" : undefined;
        },
        victim,
        () => runLocal(bench),
      );

      expect(wasKilled ? "" : output).toBe("");
      expect(reasonsIn(output)).toEqual(said);
      expect(existsSync(kept(own.applying))).toBe(true);
    },
    8 * MINUTES,
  );

  test(
    "ends when it is repeated once, finds what the killed run could not note, and has nothing to change",
    async () => {
      const ran = await runLocal(bench);

      expect(faultOf(ran)).toBe("");
      expect(ran.output).toContain("✔ Find what the interrupted run made");
    },
    10 * MINUTES,
  );
});
