import type { AwsCall } from "../support/aws-proxy";
import { faultOf, localBench, reasonsIn, runLocal } from "../support/local-bench";
import { synthesizeSlowPart } from "../support/slow-stack";
import { type Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const describeFull = process.env["RETOOL_KILL_MATRIX"] === "full" ? describeOnEmulator : describe.skip;

/** The answers that a run loses: the first one to each call that changes something. */
class LostAnswers {
  public readonly operations = new Set<string>();
  private readonly calls = new Set<string>();

  /** Whether the answer to a request is lost. */
  public readonly has = ({ operation, request, invocation }: AwsCall): boolean => {
    const isRead = operation === "" ? /^(GET|HEAD) /.test(request) : /^(Describe|Get|List|Head)/.test(operation);
    if (isRead || invocation === "" || this.calls.has(invocation)) return false;
    this.calls.add(invocation);
    this.operations.add(operation === "" ? request : operation);
    return true;
  };
}

describeFull("npm run local, which loses the first answer to each call that changes something", () => {
  let bench: Bench;
  beforeAll(async () => {
    synthesizeSlowPart();
    bench = await localBench();
  }, MINUTES);
  afterAll(async () => bench.close());

  test.each(["deployed", "destroyed"])(
    "is %s all the same, since its client asks again",
    async (wanted) => {
      const lost = new LostAnswers();
      const flags = wanted === "deployed" ? [] : ["--destroy"];
      const ran = await bench.losing(lost.has, () => runLocal(bench, { flags }));
      process.stdout.write(`${wanted}: lost answers to ${[...lost.operations].sort().join(", ")}\n`);

      expect(wanted === "deployed" ? faultOf(ran) : reasonsIn(ran.output)).toEqual(wanted === "deployed" ? "" : []);
      expect(ran.code).toBe(0);
      expect(lost.operations.size).toBeGreaterThan(20);
    },
    30 * MINUTES,
  );
});
