import { planEnvironment } from "../../../domain/environment/environment";
import { environmentNotes } from "../../../domain/environment/notes";
import { placeholderRefusal, placeholdersOf } from "../../../domain/environment/placeholders";
import { prod } from "../../support/environments/prod";

const OWN = {
  ...prod,
  account: "290000000001",
  domain: "retool.acme.io",
  access: ["8.8.8.0/24"],
  clusterAccess: ["8.8.4.4/32"],
};

describe("placeholders of an example", () => {
  const plan = planEnvironment(prod);
  const own = planEnvironment(OWN);

  test("are found in every setting that names somebody", () => {
    expect(placeholdersOf(plan)).toEqual([
      'account "111122223333"',
      'domain "retool.example.com"',
      'access "203.0.113.0/24"',
      'clusterAccess "203.0.113.10/32"',
    ]);
    expect(placeholdersOf(own)).toEqual([]);
  });

  test.each([
    ["account", "444455556666", 1],
    ["domain", "retool.eu.example.net", 1],
    ["domain", "retool.example.com.acme.io", 0],
    ["domain", "retool-example.com", 0],
  ])("%s %s counts %d", (key, value, count) => {
    expect(placeholdersOf({ ...own, context: { ...own.context, [key]: value } })).toHaveLength(count);
  });

  test.each([
    ["192.0.2.7/32", 1],
    ["198.51.100.0/25", 1],
    ["203.0.112.0/20", 0],
  ])("access %s counts %d", (range, count) => {
    expect(placeholdersOf({ ...own, frontDoor: { clientsIpv4: [range], clientsIpv6: [] } })).toHaveLength(count);
    expect(placeholdersOf({ ...own, cluster: { publicAccessCidrs: [range] } })).toHaveLength(count);
  });

  test("are warned of where the state is in a bucket, and are right to try with", () => {
    const warning = (of: typeof plan): string[] =>
      environmentNotes(of, "2026-11-29").warnings.filter((text) => text.includes("placeholder"));

    expect(placeholderRefusal(own)).toBeUndefined();
    expect(warning(own)).toEqual([]);
    expect(warning(plan)).toHaveLength(1);
    expect(warning({ ...plan, state: { kind: "local", path: "terraform.tfstate" } })).toEqual([]);
  });
});
