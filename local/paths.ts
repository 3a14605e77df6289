import { join } from "node:path";

/** Root of the project: everything the driver writes is below it. */
export const PROJECT = join(__dirname, "..");

/** Folder of everything `npm run local` keeps between runs; git-ignored. */
export const KEPT = join(PROJECT, ".local");

/** Files and folders of the local deployment. */
export const paths = {
  virtualEnvironment: join(KEPT, "venv"),
  emulatorRecord: join(KEPT, "emulator.json"),
  emulatorLog: join(KEPT, "emulator.log"),
  kubeFront: join(KEPT, "kube-front.json"),
  state: join(KEPT, "terraform.tfstate"),
  applying: join(KEPT, "applying"),
  runLock: join(KEPT, "run.lock"),
  terraform: join(KEPT, "terraform.json"),
  rendered: join(KEPT, "rendered"),
  charts: join(KEPT, "charts"),
  providers: join(KEPT, "providers.tfrc"),
  cluster: join(KEPT, "cluster.json"),
  destroyPlan: join(KEPT, "destroy.tfplan"),
  stack: join(PROJECT, "cdktf.out", "stacks", "local"),
} as const;
