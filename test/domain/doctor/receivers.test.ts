import { receiverFindings } from "../../../domain/doctor/receivers";
import { planEnvironment } from "../../../domain/environment/environment";
import type { AlarmsSpec } from "../../../domain/observability/spec";
import { prod } from "../../support/environments/prod";
import { DENIED, texts } from "../../support/findings";

const [ANA, BEN] = ["ana@example.com", "ben@example.com"];
const planWith = (alarms: AlarmsSpec) => planEnvironment({ ...prod, observability: { alarms } });
const plan = planWith({ kind: "mail", addresses: [ANA, BEN] });

describe("who hears of alarms", () => {
  test("is said nothing of where everybody has confirmed", () => {
    const known = [ANA.toUpperCase(), BEN].map((address) => ({ address, hasConfirmed: true }));

    expect(receiverFindings(plan, { known })).toEqual([]);
  });

  test("is named where the link was not followed, with the command that sends it again", () => {
    expect(texts(receiverFindings(plan, { known: [{ address: ANA, hasConfirmed: false }] }))).toEqual([
      `warning ${ANA} has not confirmed that it wants the alarms; no alarm is mailed to it; its owner follows the link in the mail of AWS Notifications, which may be among the spam; this sends it again: aws sns subscribe --region us-east-1 --topic-arn arn:aws:sns:us-east-1:111122223333:retool-prod-alarms --protocol email --notification-endpoint ${ANA}`,
      `warning ${BEN} is not subscribed to the alarms; no alarm is mailed to it: its link was not followed within two days, or somebody unsubscribed it; npx cdktf deploy prod, and follow the link in the mail that comes`,
    ]);
  });

  test("is not asked where the topic is somebody else's, where nobody is named, and is not known without the right", () => {
    const topicArn = "arn:aws:sns:us-east-1:111122223333:operators";

    expect(receiverFindings(planWith({ kind: "topic", topicArn }), { known: [] })).toEqual([]);
    expect(receiverFindings(planWith({ kind: "mail" }), { known: [] })).toEqual([]);
    expect(receiverFindings(plan, { unknown: DENIED })).toMatchObject([{ grade: "unknown" }]);
  });
});
