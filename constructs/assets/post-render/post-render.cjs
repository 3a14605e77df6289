"use strict";

// Helm's post-renderer: adds to Deployments, and to the template of the sandboxes' Jobs, what the chart of Retool has no key
// for. It reads manifests on standard input and writes them to standard output; documents without a patch leave as they came.
//
// Arguments: the folder of the npm package `yaml`, and the patches as JSON (domain/chart/post-render.ts).

const [yamlFolder, patchesJson] = process.argv.slice(2);
const { parse } = require(require("node:path").resolve(yamlFolder));
const objectOf = ({ deployment, jobTemplate }) =>
  jobTemplate === undefined ? `Deployment ${deployment}` : `ConfigMap ${jobTemplate}`;
const patches = new Map(JSON.parse(patchesJson).map((patch) => [objectOf(patch), patch]));

function patched(pod, { startupProbe, env, volumes, volumeMounts, ...patch }) {
  const { nodeSelector, tolerations, serviceAccountName, topologySpreadConstraints, nodeRequirements } = patch;
  const [container, ...others] = pod.containers;
  const probe = startupProbe && container.livenessProbe;
  const probed = probe && { startupProbe: { ...startupProbe, httpGet: probe.httpGet } };
  return {
    ...pod,
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations && { tolerations: [...(pod.tolerations ?? []), ...tolerations] }),
    ...(serviceAccountName && { serviceAccountName }),
    ...(topologySpreadConstraints && { topologySpreadConstraints }),
    ...(nodeRequirements && { affinity: withRequirements(pod.affinity ?? {}, nodeRequirements) }),
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

/** Each requirement with each term that the pod has; terms are alternatives. */
function withRequirements({ nodeAffinity = {}, ...others }, requirements) {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const terms = nodeAffinity[required]?.nodeSelectorTerms ?? [{}];
  const nodeSelectorTerms = requirements.flatMap((requirement) =>
    terms.map((term) => ({ ...term, matchExpressions: [...(term.matchExpressions ?? []), requirement] })),
  );
  return { ...others, nodeAffinity: { ...nodeAffinity, [required]: { nodeSelectorTerms } } };
}

function placed(text, { affinity }) {
  const job = JSON.parse(text);
  job.spec.template.spec.affinity = affinity;
  return JSON.stringify(job, undefined, 2);
}

/** Helm reads YAML 1.1, in which `0755` is octal and `yes` is true; JSON is YAML that both versions read alike. */
function render(document) {
  if (!/^kind:\s*(Deployment|ConfigMap)\s*$/m.test(document)) return document;
  const manifest = parse(document, { version: "1.1" });
  const object = `${manifest.kind} ${manifest.metadata.name}`;
  const patch = patches.get(object);
  if (patch === undefined) return document;
  patches.delete(object);
  if (patch.jobTemplate === undefined) manifest.spec.template.spec = patched(manifest.spec.template.spec, patch);
  else manifest.data = Object.fromEntries(Object.entries(manifest.data).map(([key, job]) => [key, placed(job, patch)]));
  return `\n${JSON.stringify(manifest)}\n`;
}

const documents = require("node:fs")
  .readFileSync(0, "utf8")
  .split(/^---[ \t]*$/m);
const rendered = documents.map(render).join("---");
if (patches.size > 0) {
  process.stderr.write(
    `post-render: the chart has no ${[...patches.keys()].join(", ")}; use the chart version that this package was tested with\n`,
  );
  process.exitCode = 1;
} else {
  process.stdout.write(rendered);
}
