import { devNull } from "node:os";
import { delimiter, join } from "node:path";

import { paths } from "./paths";

/** Variables that could lead Terraform, cdktf or Python somewhere else than the emulator. */
const CLEARED = /^(AWS_|TF_VAR_|TF_CLI_ARGS|TF_WORKSPACE$|TF_DATA_DIR$|CDKTF_|KUBE|HELM_|BOTO)/i;

/**
 * The environment of every child process: no real credential, no real endpoint.
 *
 * Every `AWS_*` variable is dropped, the AWS configuration files point at nothing, and all requests to AWS are answered on
 * loopback. `TF_CLI_CONFIG_FILE` stays: it says where providers are installed from. Proxies stay, since the provider registry and
 * chart repositories may be behind one; loopback never goes through them.
 *
 * @param endpoint - URL of the emulator.
 * @param region - Region the stack is deployed to.
 */
export function emulatorEnvironment(endpoint: string, region: string, inherited = process.env): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(inherited).filter(([name]) => !CLEARED.test(name)));
  return {
    ...kept,
    PATH: `${join(paths.virtualEnvironment, "bin")}${delimiter}${kept["PATH"] ?? ""}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    CHECKPOINT_DISABLE: "1",
    CI: "1",
    CDKTF_SKIP_PROVIDER_LOCK: "true",
    TF_IN_AUTOMATION: "1",
  };
}
