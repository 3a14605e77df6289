"use strict";

// Compares the public API in dist/ with the reports in etc/, one per entry point of the package, and fails where they
// differ, so that no change of the API goes unseen. `--update` rewrites the reports instead.

const { mkdirSync } = require("node:fs");
const { join } = require("node:path");

const { Extractor, ExtractorConfig } = require("@microsoft/api-extractor");

const root = join(__dirname, "..");
const update = process.argv.includes("--update");
const configFile = join(root, "api-extractor.json");

/** Report name of each entry point; the package's main one comes first. */
const reports = { library: "public-api", constructs: "constructs", domain: "domain", stacks: "stacks" };

mkdirSync(join(root, "etc"), { recursive: true });

// What entry points take from each other is not "forgotten", and typedoc checks exports and links over all three.
const outcomes = Object.entries(reports).map(([entryPoint, report]) => {
  const configObject = ExtractorConfig.loadFile(configFile);
  configObject.mainEntryPointFilePath = join(root, "dist", entryPoint, "index.d.ts");
  configObject.apiReport.reportFileName = `${report}.api.md`;
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: configFile,
    packageJsonFullPath: join(root, "package.json"),
  });
  return { report, result: Extractor.invoke(config, { localBuild: update, showVerboseMessages: false }) };
});

for (const { report, result } of outcomes.filter(({ result }) => !result.succeeded)) {
  const problem = result.apiReportChanged
    ? "the public API has changed; if that is meant, run `npm run api:update` and commit the report"
    : `${result.errorCount} errors in what it reports; mend the files named above`;
  console.error(`etc/${report}.api.md: ${problem}`);
  process.exitCode = 1;
}
