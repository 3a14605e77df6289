import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertReleasesKnown } from "../../cli/destroy";
import { Failure } from "../../cli/failure";
import { Unreachable } from "../../cli/kubernetes-api";
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
  const made = "2026-11-21T05:12:08Z";
  const unknown = { ...karpenter, address: "helm_release.Karpenter", id: "kube-system/karpenter", made };
  const say = jest.fn();
  const withReleases = (helm_release: object): void => {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ resource: { helm_release } }));
  };

  test("stops at a release that a killed deployment made and could not note, with the command that takes it", async () => {
    withReleases({ Karpenter: karpenter });

    await expect(
      assertReleasesKnown(folder, ["aws_eks_cluster.Cluster"], () => Promise.resolve([unknown]), say),
    ).rejects.toThrow(
      `helm_release.Karpenter: kube-system/karpenter is in the cluster since 2026-11-21T05:12:08Z and not in the state, so nothing was destroyed; if this environment made it, run terraform -chdir=${folder} import 'helm_release.Karpenter' 'kube-system/karpenter'; if not, rename the release or take it out of the stack`,
    );
    await expect(
      assertReleasesKnown(folder, ["kubernetes_namespace_v1.A"], () => Promise.resolve([]), say),
    ).resolves.toBeUndefined();
  });

  test("goes on where this machine does not reach the cluster, and says so; a refusal stops it", async () => {
    withReleases({ Karpenter: karpenter });
    const assertWith = (error: Error): Promise<void> =>
      assertReleasesKnown(folder, ["aws_eks_cluster.Cluster"], () => Promise.reject(error), say);

    await assertWith(new Unreachable("https://k cannot be reached"));
    expect(say.mock.calls).toEqual([
      ["releases that are not in the state were not looked for: https://k cannot be reached"],
    ]);
    await expect(assertWith(new Failure("refused"))).rejects.toThrow("refused");
  });

  test("does not log in to a cluster where the state holds nothing of one, or the stack has no release", async () => {
    const ask = jest.fn(() => Promise.resolve([unknown]));
    withReleases({ Karpenter: karpenter });
    await assertReleasesKnown(folder, [], ask, say);
    await assertReleasesKnown(folder, ["aws_vpc.A"], ask, say);
    withReleases({});
    await assertReleasesKnown(folder, ["aws_eks_cluster.Cluster"], ask, say);

    expect(ask).not.toHaveBeenCalled();
  });
});
