/** Flags that a command repeats, so that it meets what the one before has made and ends as that one was to end. */
export interface RepeatedFlags {
  /** Whether the emulator stays when the deployment has ended. */
  readonly keep?: true;
  /** Whether the report is JSON. */
  readonly json?: true;
  /** Kubeconfig of the cluster. */
  readonly kubeconfig?: string;
  /** Folder of charts. */
  readonly charts?: string;
  /** Folder of a provider mirror. */
  readonly providers?: string;
  /** Port of the emulator; 0 is a free one. */
  readonly port?: number;
}

/** The command that goes on from what a run left behind, as a person pastes it; one that destroys keeps no emulator. */
export function commandFor(
  { keep, json, kubeconfig, charts, providers, port }: RepeatedFlags,
  ...more: readonly string[]
): string {
  const switches = Object.entries({ keep: more.includes("--destroy") ? undefined : keep, json });
  const values = Object.entries({ kubeconfig, charts, providers, port: port === 0 ? undefined : port?.toString() });
  const flags = [
    ...more,
    ...switches.flatMap(([name, value]) => (value === true ? [`--${name}`] : [])),
    ...values.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, quoted(value)])),
  ];
  return `\`npm run local${flags.length === 0 ? "" : ` -- ${flags.join(" ")}`}\``;
}

/** A value as a shell reads it. */
function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** What a run says whose emulator ended, and how to go on. */
export function lostEmulator(flags: RepeatedFlags & { readonly destroy?: true }, hasCluster: boolean): string {
  const remedy =
    flags.destroy === true
      ? `${commandFor(flags, "--destroy")} ${hasCluster ? "takes down what is in the cluster" : "confirms that nothing is left"}`
      : `${commandFor(flags)} ${hasCluster ? "takes down what is in the cluster and then starts" : "starts"} from nothing`;
  return `emulator: it has ended, and everything in it is gone (its log is .local/emulator.log); ${remedy}`;
}
