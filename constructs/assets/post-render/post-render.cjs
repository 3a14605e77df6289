"use strict";

// Helm's post-renderer: adds to Deployments what the chart of Retool has no key for. It reads manifests on standard input and
// writes them to standard output; documents without a patch leave as they came.
//
// Arguments: the folder of the npm package `yaml`, and the patches as JSON (domain/chart/post-render.ts).

const [yamlFolder, patchesJson] = process.argv.slice(2);
const { parse } = require(require("node:path").resolve(yamlFolder));
const patches = new Map(JSON.parse(patchesJson).map((patch) => [patch.deployment, patch]));

function patched(pod, { nodeSelector, topologySpreadConstraints, startupProbe, env, volumes, volumeMounts }) {
  const [container, ...others] = pod.containers;
  const probe = startupProbe && container.livenessProbe;
  const probed = probe && { startupProbe: { ...startupProbe, httpGet: probe.httpGet } };
  return {
    ...pod,
    ...(nodeSelector && { nodeSelector }),
    ...(topologySpreadConstraints && { topologySpreadConstraints }),
    ...(volumes && { volumes: [...(pod.volumes ?? []), ...volumes] }),
    containers: [
      {
        ...container,
        ...probed,
        ...(env && { env: [...(container.env ?? []), ...env] }),
        ...(volumeMounts && { volumeMounts: [...(container.volumeMounts ?? []), ...volumeMounts] }),
      },
      ...others,
    ],
  };
}

/** Helm reads YAML 1.1, in which `0755` is octal and `yes` is true; JSON is YAML that both versions read alike. */
function render(document) {
  if (!/^kind:\s*Deployment\s*$/m.test(document)) return document;
  const manifest = parse(document, { version: "1.1" });
  const patch = patches.get(manifest.metadata.name);
  if (patch === undefined) return document;
  patches.delete(manifest.metadata.name);
  const { template } = manifest.spec;
  template.spec = patched(template.spec, patch);
  return `\n${JSON.stringify(manifest)}\n`;
}

const documents = require("node:fs")
  .readFileSync(0, "utf8")
  .split(/^---[ \t]*$/m);
const rendered = documents.map(render).join("---");
if (patches.size > 0) {
  process.stderr.write(
    `post-render: the chart has no Deployment ${[...patches.keys()].join(", ")}; use the chart version that this package was tested with\n`,
  );
  process.exitCode = 1;
} else {
  process.stdout.write(rendered);
}
