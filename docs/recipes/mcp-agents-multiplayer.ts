// MCP, agents and multiplayer.
// When: MCP clients connect to Retool, agents run in it, and several people edit a classic app at once. Each has its own containers and
// paths; agents need a model provider, which is opened here.
// Costs about 1,800 USD a month at rest, 2,040 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  retool: { features: { mcp: true, agents: true, multiplayer: true } },
  egress: { resources: [{ to: "api.anthropic.com", purpose: "models", reason: "models of agents" }] },
} satisfies EnvironmentSpec;
