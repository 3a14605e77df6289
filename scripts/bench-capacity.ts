import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format } from "prettier";

import { describeRuns } from "./bench-capacity-page";
import { plotDays } from "./bench-capacity-plot";
import { run, SEED } from "./bench-capacity-run";

const BUILDERS = [20, 200, 1000, 10_000];
const PREWARM = [0, 5, 20];
const THREADS = [1, 2, 3, 4, 5];
const KEPT_MINUTES = [15, 30, 60, 120];
const AGES = [168, 24, 12, 10];

async function main(): Promise<void> {
  const pools = BUILDERS.flatMap((builders) =>
    PREWARM.flatMap((prewarmPoolSize) => [
      run(builders, { prewarmPoolSize }),
      run(builders, { prewarmPoolSize, warmHeadroom: 0 }),
    ]),
  );
  const threads = THREADS.map((threadsPerBuilder) => run(200, { threadsPerBuilder }));
  const kept = KEPT_MINUTES.map((assignedTtlMinutes) => run(200, { assignedTtlMinutes }));
  const ages = BUILDERS.slice(0, 3).flatMap((builders) =>
    AGES.map((nodeMaxAgeHours) => run(builders, { nodeMaxAgeHours })),
  );
  const days = BUILDERS.map((builders) => run(builders, {}));

  const folder = join(__dirname, "..", "docs", "capacity");
  mkdirSync(folder, { recursive: true });
  const page = await format(describeRuns({ seed: SEED, pools, threads, kept, ages }), {
    parser: "markdown",
    printWidth: 120,
  });
  writeFileSync(join(folder, "benchmark.md"), page);
  writeFileSync(join(folder, "day.svg"), plotDays(days));
  process.stdout.write(`${[pools, threads, kept, ages, days].flat().length} simulated days\n`);
  process.stdout.write("docs/capacity/benchmark.md\ndocs/capacity/day.svg\n");
}

void main();
