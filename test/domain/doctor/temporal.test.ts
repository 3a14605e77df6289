import { temporalFindings } from "../../../domain/doctor/temporal";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { asPlanned, AT, withService } from "../../support/observed";

const plan = planEnvironment(prod);
const planned = asPlanned(plan);
const judge = (log: string): string[] => texts(temporalFindings(plan, planned, { known: log }, AT));

describe("Temporal", () => {
  test("is good where workers are ready and their logs name no failure", () => {
    expect(judge("Worker state changed { state: 'RUNNING' }\nTypeError of a user's app: not found")).toEqual([
      "good 4 workers are ready, and the end of their logs names no failure; no connection was tried",
    ]);
  });

  // Lines as the issues that the code names show them.
  test.each([
    [
      "TransportError: Failed to call GetSystemInfo: status: Cancelled, message: Timeout expired",
      "no connection; no workflow starts, and apps whose backend uses it fail; npx cdktf-retool egress prod --check | kubectl apply -f -",
    ],
    [
      'TransportError: tonic::transport::Error(Transport, hyper::Error(Connect, ConnectError("dns error", x)))',
      "the name is not resolved; no workflow starts, and apps whose backend uses it fail; npx cdktf-retool egress prod --check | kubectl apply -f -",
    ],
    [
      'tonic::transport::Error(Transport, InvalidCertificateData("invalid peer certificate: UnknownIssuer"))',
      "the certificate is not accepted; no workflow starts, and apps whose backend uses it fail; check temporal.tls: the authority must be the one that signed the server's certificate",
    ],
    [
      "temporal: Status { code: PermissionDenied }",
      "Temporal refuses the client; no workflow starts, and apps whose backend uses it fail; check the client's certificate and namespace in temporal; with Retool-managed Temporal enroll in Retool's settings",
    ],
  ])("is not reached: %s", (line, expected) => {
    expect(judge(`started\n${line}\n`)).toEqual([
      `problem the workers' logs say that they do not get through to Temporal: ${expected}`,
    ]);
  });

  test("has no worker", () => {
    const none = ["retool-workflow-worker", "retool-r2-agent-worker"].reduce(
      (workloads, name) => withService(workloads, name, { ready: 0 }),
      planned,
    );

    expect(texts(temporalFindings(plan, none, { known: "" }, AT))).toEqual([
      "problem no worker is ready (workflow-worker, r2-agent-worker); nobody takes the tasks of workflows; kubectl -n retool get pods; kubectl -n retool logs deployment/retool-workflow-worker --tail=50",
    ]);
  });

  test("is not known without logs", () => {
    const refused = "Kubernetes API: GET /x was refused (403: no); check the permissions of these credentials";

    expect(texts(temporalFindings(plan, planned, { unknown: refused }, AT))).toEqual([
      `unknown could not be found out: ${refused}; not checked, so it may be broken; use a role of cluster.adminRoleArns; those of cluster.viewerRoleArns see pods only`,
    ]);
  });
});
