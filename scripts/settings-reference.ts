import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { settingsFiles } from "./settings/files";

// Writes the reference of all settings: the page for people, and the data that `npm run settings` prints.
for (const [path, text] of Object.entries(settingsFiles())) writeFileSync(join(__dirname, "..", path), text);
