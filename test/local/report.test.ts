import { local } from "../support/environments/local";
import { urlTable } from "../../domain/front-door/report";
import { planEnvironment } from "../../domain/environment/environment";
import { formatReport, type LocalReport, makeReport } from "../../local/report";

// As in a fresh clone: nothing has been synthesized.
jest.mock("../../local/paths", () => ({
  ...jest.requireActual<object>("../../local/paths"),
  PROJECT: "missing",
}));

const report: LocalReport = {
  services: { lb: 1 },
  prodResources: 3,
  appliedResources: 1,
  notApplied: [],
  differences: [],
  urls: urlTable(planEnvironment(local)),
  outputs: { url: "https://retool.example.com" },
  secondPlan: "no changes",
  deployed: false,
  destroyed: false,
  seconds: 1,
};

describe("the report of a local run", () => {
  const lines = formatReport(report)
    .split("\n")
    .map((line) => line.replaceAll(/[│ ]+/g, " ").trim());

  test("shows which target group and port each address leads to, and where WebSockets are held", () => {
    expect(lines).toContain("Where requests go:");
    expect(lines).toContain("url target group port what answers");
    expect(lines).toContain("https://retool.example.com/* retool 3000 Retool, with its WebSockets");
    expect(lines).toContain(
      "https://agent-proxy.retool.example.com/* sandbox-proxy 3019 proxy of agent sandboxes, with their WebSockets",
    );
  });

  test("shows them where everything was only taken down, too", () => {
    const { outputs, secondPlan, ...taken } = report;

    expect([outputs, secondPlan]).not.toContain(undefined);
    expect(formatReport({ ...taken, destroyed: true })).toContain("Where requests go:");
  });

  test("speaks of what is in the cluster only while it is there", () => {
    expect(formatReport({ ...report, deployed: true })).toContain("Releases and objects are in the cluster");
    expect(formatReport({ ...report, deployed: true, destroyed: true })).not.toContain("in the cluster");
  });

  test("leaves the counts out where nothing is synthesized, as when only leftovers were taken down", () => {
    const taken = makeReport({ outputs: undefined, deployed: true, destroyed: true, seconds: 1 });

    expect(taken).not.toHaveProperty("prodResources");
    expect(formatReport(taken)).not.toContain("AWS resources:");
    expect(formatReport(taken)).toContain("Destroyed: nothing is left in state");
  });
});
