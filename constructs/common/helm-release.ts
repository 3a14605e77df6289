import { dirname, join } from "node:path";

import { Release, type ReleaseConfig } from "@cdktf/provider-helm/lib/release";
import { AssetType, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";

import type { ReleasePatch } from "../../domain/chart/post-render";
import type { HelmReleaseProps } from "./contracts";
import { renderJson } from "./render";

/** Revisions of a release that Helm keeps for `helm rollback`. */
const MAX_HISTORY = 10;

const POST_RENDER = join(__dirname, "..", "assets", "post-render", "post-render.cjs");

/** The npm package with which that program reads manifests; it goes along, as nothing else does where Terraform runs. */
const YAML = dirname(require.resolve("yaml/package.json"));

/** Where charts come from and what the API server can run. */
export interface HelmSettings {
  /**
   * Folder with one chart directory a chart, relative to where Terraform runs or absolute.
   *
   * @default - charts come from their repositories
   */
  readonly chartsDirectory?: string;
  /** Whether nodes run pods; without them no release is waited for. */
  readonly hasNodes: boolean;
}

/** Construction properties for {@link HelmRelease}. */
export interface ReleaseProps extends HelmReleaseProps {
  /** Where charts come from and what the API server can run. */
  readonly settings: HelmSettings;
}

/**
 * A Helm release: the only place that makes one.
 *
 * `upgrade_install` is always on. Without it a failed first install is left in the cluster, but not in state, and can
 * never be applied again: "cannot re-use a name that is still in use" (measured with helm provider 3.1.1). With it, every
 * release needs a `version`, charts on disk too: without one the provider asks the cluster for the installed version while
 * planning, and the first plan fails because there is no cluster yet (measured). `atomic` is
 * always off: it would undo an install while Retool's migrations still run.
 */
export class HelmRelease extends Construct {
  /** The release; what needs its objects depends on it. */
  public readonly release: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { settings } = props;
    this.release = new Release(this, "Resource", {
      name: props.name,
      namespace: props.namespace,
      ...this.chartArguments(props),
      values: [renderJson(props.values)],
      timeout: props.timeoutSeconds,
      wait: settings.hasNodes || !props.hasPods,
      upgradeInstall: true,
      atomic: false,
      maxHistory: MAX_HISTORY,
      skipCrds: props.installsCrds !== true,
      createNamespace: false,
      postrender: this.postRender(props.patches ?? []),
      dependsOn: [...props.after],
    });
  }

  /** Helm starts the program where Terraform runs, with the Node.js on its PATH. */
  private postRender(patches: readonly ReleasePatch[]): ReleaseConfig["postrender"] {
    if (patches.length === 0) return undefined;
    const program = new TerraformAsset(this, "PostRender", { path: POST_RENDER, type: AssetType.FILE });
    const yaml = new TerraformAsset(this, "Yaml", { path: YAML, type: AssetType.DIRECTORY });
    return { binaryPath: "node", args: [program.path, yaml.path, renderJson(patches)] };
  }

  private chartArguments({
    chart,
    settings,
    ...props
  }: ReleaseProps): Pick<ReleaseConfig, "chart" | "repository" | "version"> {
    const { version } = chart;
    if (chart.kind === "asset") {
      return {
        version,
        chart: new TerraformAsset(this, "Chart", { path: chart.path, type: AssetType.DIRECTORY }).path,
      };
    }
    const name = !settings.hasNodes && props.failsClosed === true ? `${chart.name}-crds` : chart.name;
    if (settings.chartsDirectory !== undefined) return { version, chart: `${settings.chartsDirectory}/${name}` };
    return { version, chart: name, repository: chart.repository };
  }
}
