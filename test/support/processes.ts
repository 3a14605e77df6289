import { spawnSync } from "node:child_process";
import { basename } from "node:path";

/** Process ids below a process, itself included, whose program has a name that starts so. */
export function processesBelow(root: number, program: string): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, path = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name: basename(path) }];
  });
  const below = new Set([root]);
  for (let size = 0; size !== below.size;) {
    size = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all.filter(({ pid, name }) => below.has(pid) && name.startsWith(program)).map(({ pid }) => pid);
}
