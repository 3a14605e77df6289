/** What one run of the driver changes in the stack: the context variable `cdktf-retool` of the app. */
export interface RunOverrides {
  /** Where Kubernetes objects go. */
  readonly workloads: "render" | "deploy" | "deploy-without-nodes";
  /** Folder that charts are installed from. */
  readonly chartsDirectory?: string;
}

/** Environment variable by which a cdktf app gets its context. */
export function contextVariables(environment: string, overrides: RunOverrides): NodeJS.ProcessEnv {
  return { CDKTF_CONTEXT_JSON: JSON.stringify({ "cdktf-retool": { [environment]: overrides } }) };
}
