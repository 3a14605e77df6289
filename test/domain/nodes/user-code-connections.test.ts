import { arrowsBetween } from "../../../domain/catalog/calls";
import { RETOOL_COMPONENTS } from "../../../domain/catalog/lookup";
import type { RetoolComponent } from "../../../domain/catalog/row";
import { USER_CODE_CONNECTIONS, type UserCodeNodes } from "../../../domain/nodes/user-code-connections";

/** Ports that are no container's: the Kubernetes API, DNS and the kubelet. */
const OF_THE_CLUSTER = [443, 53, 10_250];

describe("USER_CODE_CONNECTIONS", () => {
  it.each<[UserCodeNodes, RetoolComponent[]]>([
    ["sandbox", ["sandbox"]],
    ["code-execution", ["code-executor", "js-executor"]],
  ])("are the calls of the catalog that leave or enter the nodes, and no other: %s", (nodes, there) => {
    const calls = arrowsBetween(RETOOL_COMPONENTS).flatMap(({ from, to, port }) => {
      if (there.includes(from) === there.includes(to)) return [];
      return [`${there.includes(from) ? "user-code" : "cluster"} ${port.protocol} ${port.number}`];
    });
    const opened = USER_CODE_CONNECTIONS[nodes].cluster
      .filter(({ port }) => !OF_THE_CLUSTER.includes(port))
      .map(({ from, protocol, port }) => `${from} ${protocol.toUpperCase()} ${port}`);

    expect(opened.sort()).toEqual([...new Set(calls)].sort());
  });
});
