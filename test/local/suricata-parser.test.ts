import { spawnSync } from "node:child_process";

import { prod } from "../support/environments/prod";
import { planEnvironment } from "../../domain/environment/environment";
import { describeWithPackages, PYTHON } from "../support/available";
import { parseRule } from "../support/suricata-evaluator";

const PROGRAM = `
import json, sys, suricataparser
rules = [suricataparser.parse_rule(line) for line in sys.stdin.read().splitlines()]
print(json.dumps([rule and [rule.action, rule.header, rule.sid, [o.name for o in rule.options]] for rule in rules]))
`;

const RESOURCES = [
  { to: "api.partner.example.net", reason: 'quotes ", semicolons ; and backslashes \\' },
  { to: "*.shop.example.net", port: 8443, application: "tls" },
  { to: "legacy.example.net", port: 80 },
  { to: "203.0.113.0/28", port: 5432 },
] as const;

describeWithPackages()("an independent parser", () => {
  test.each(["alert", "enforce"] as const)("reads every rule in mode %s as ours does", (mode) => {
    const egress = {
      level: "firewall" as const,
      mode,
      resources: RESOURCES,
      retoolAddresses: true,
      pythonPackages: "python.example.com",
    };
    const rules = planEnvironment({ ...prod, egress }).networkFirewall?.rules ?? [];
    const { stdout, stderr } = spawnSync(PYTHON, ["-c", PROGRAM], { input: rules.join("\n"), encoding: "utf8" });

    expect(stderr).toBe("");
    expect(rules.length).toBeGreaterThan(40);
    expect(JSON.parse(stdout)).toEqual(
      rules
        .map(parseRule)
        .map(({ action, protocol, source, destination, port, sid, options }) => [
          action,
          `${protocol} ${source} any -> ${destination} ${port}`,
          sid,
          options.map(({ name }) => name),
        ]),
    );
  });
});
