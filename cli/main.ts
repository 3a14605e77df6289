import { allCommands } from "./commands";
import { reportFailures } from "./failure";
import { endOnInterrupt } from "./interrupt";
import { parse } from "./program";

export { hasEnded } from "./program";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` has seen enough.
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

endOnInterrupt();
const args = process.argv.slice(2);
void reportFailures(() => parse(allCommands(), args), args);
