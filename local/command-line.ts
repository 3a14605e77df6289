/** Flags that a command repeats, so that it meets what the one before has made. */
export interface RepeatedFlags {
  /** Kubeconfig of the cluster. */
  readonly kubeconfig?: string;
  /** Folder of charts. */
  readonly charts?: string;
  /** Folder of a provider mirror. */
  readonly providers?: string;
}

/** The command that goes on from what a run left behind, as a person pastes it. */
export function commandFor({ kubeconfig, charts, providers }: RepeatedFlags, ...more: readonly string[]): string {
  const values = Object.entries({ kubeconfig, charts, providers }).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`--${name}`, /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`],
  );
  const flags = [...more, ...values];
  return `\`npm run local${flags.length === 0 ? "" : ` -- ${flags.join(" ")}`}\``;
}

/** What a run says whose emulator ended, and how to go on. */
export function lostEmulator(flags: RepeatedFlags & { readonly destroy?: true }, hasCluster: boolean): string {
  const remedy =
    flags.destroy === true
      ? `${commandFor(flags, "--destroy")} ${hasCluster ? "takes down what is in the cluster" : "confirms that nothing is left"}`
      : `${commandFor(flags)} ${hasCluster ? "takes down what is in the cluster and then starts" : "starts"} from nothing`;
  return `emulator: it has ended, and everything in it is gone (its log is .local/emulator.log); ${remedy}`;
}
