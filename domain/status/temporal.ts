import { TEMPORAL_CLIENTS } from "../catalog/calls";
import type { EnvironmentPlan } from "../environment/environment";
import { plannedServices, type ServiceStatus } from "./services";

/**
 * What Temporal's client writes when it does not get through.
 *
 * Sources: https://github.com/temporalio/sdk-typescript/issues/290, https://github.com/temporalio/sdk-rust/issues/348 and
 * https://github.com/temporalio/sdk-typescript/issues/1258; gRPC's codes are in https://grpc.io/docs/guides/status-codes/.
 */
const FAILURES: readonly (readonly [RegExp, string])[] = [
  [/invalid peer certificate|UnknownIssuer|InvalidCertificate/, "the certificate is not accepted"],
  [/code: (PermissionDenied|Unauthenticated)|(7 PERMISSION_DENIED|16 UNAUTHENTICATED)/, "Temporal refuses the client"],
  [/dns error|ENOTFOUND|EAI_AGAIN/, "the name is not resolved"],
  [/TransportError|tonic::transport|Failed to call GetSystemInfo|14 UNAVAILABLE/, "no connection"],
];

/** What the logs of the pods that talk to Temporal say; undefined where they name no failure. */
export function temporalFailure(log: string): string | undefined {
  const lines = log.split("\n").filter((line) => /temporal|tonic|Transport|GetSystemInfo/i.test(line));
  return FAILURES.find(([pattern]) => lines.some((line) => pattern.test(line)))?.[1];
}

/** Workers of Temporal's queues that an environment has. */
export function temporalWorkers(plan: EnvironmentPlan): ServiceStatus["service"][] {
  return plannedServices(plan)
    .map(({ service }) => service)
    .filter((service) => TEMPORAL_CLIENTS.includes(service) && service.endsWith("-worker"));
}
