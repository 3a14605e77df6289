import { planCapacity } from "../domain/capacity/capacity";
import type { EnvironmentContext } from "../domain/common/context";
import type { SandboxSpec } from "../domain/capacity/sandbox";
import { simulate } from "./capacity-bench/simulation";
import type { Meter } from "./capacity-bench/meter";
import { type Trace, dayOf } from "./capacity-bench/trace";
import type { Run } from "./bench-capacity-page";

/** What decides every random figure of the benchmark. */
export const SEED = 20_260_901;

const context: EnvironmentContext = {
  name: "bench",
  account: "000000000000",
  region: "us-east-1",
  domain: "retool.example.com",
  prefix: "retool-bench",
  secretPath: "retool/bench",
  namespace: "retool",
  dataProtection: "disposable",
};

const traces = new Map<number, Trace>();

function traceOf(builders: number): Trace {
  const trace = traces.get(builders) ?? dayOf(builders, SEED);
  traces.set(builders, trace);
  return trace;
}

/** Simulates one day of so many builders, three sandboxes each at most. */
export function run(builders: number, sandbox: SandboxSpec): Run {
  const { plan } = planCapacity({ builders, sandbox: { threadsPerBuilder: 3, ...sandbox } }, context);
  const result: Meter = simulate(plan, traceOf(builders));
  return { plan, result };
}
