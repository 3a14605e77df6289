import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertReleasesKnown } from "../../cli/destroy";
import { runProgram } from "../support/run";

describe("npm run destroy", () => {
  test.each(["prod", "staging"])("refuses %s, whose data is protected, and names what to keep", (name) => {
    const { code, stderr } = runProgram("cli/main.ts", ["destroy", name, "--confirm", name]);

    expect(code).toBe(1);
    expect(stderr).toContain(`${name}: its data is "protected", so nothing was destroyed`);
    for (const part of [
      `database retool-${name}`,
      `bucket retool-${name}-`,
      `cluster retool-${name}`,
      `retool/${name}/`,
    ]) {
      expect(stderr).toContain(part);
    }
    expect(stderr).not.toContain("    at ");
  });

  test("asks for the name once more", () => {
    expect(runProgram("cli/main.ts", ["destroy", "local"])).toMatchObject({
      code: 1,
      stderr: "local: confirm by repeating the name; add --confirm local\n",
    });
  });
});

describe("a destroy", () => {
  const folder = mkdtempSync(join(tmpdir(), "destroy-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const karpenter = { name: "karpenter", namespace: "kube-system" };
  const unknown = { ...karpenter, address: "helm_release.Karpenter", id: "kube-system/karpenter" };
  const withReleases = (helm_release: object): void => {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ resource: { helm_release } }));
  };

  test("stops at a release that a killed deployment made and could not note, with the command that takes it", async () => {
    withReleases({ Karpenter: karpenter });

    await expect(
      assertReleasesKnown(folder, ["aws_eks_cluster.Cluster"], () => Promise.resolve([unknown])),
    ).rejects.toThrow(
      `helm_release.Karpenter: kube-system/karpenter is in the cluster and not in the state, so nothing was destroyed; run terraform -chdir=${folder} import 'helm_release.Karpenter' 'kube-system/karpenter', then the same command again`,
    );
    await expect(assertReleasesKnown(folder, ["aws_vpc.A"], () => Promise.resolve([]))).resolves.toBeUndefined();
  });

  test("does not log in to a cluster where the state is empty, or the stack has no release", async () => {
    const ask = jest.fn(() => Promise.resolve([unknown]));
    withReleases({ Karpenter: karpenter });
    await assertReleasesKnown(folder, [], ask);
    withReleases({});
    await assertReleasesKnown(folder, ["aws_vpc.A"], ask);

    expect(ask).not.toHaveBeenCalled();
  });
});
