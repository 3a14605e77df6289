export type { Fact } from "../common/fact";
export { type Finding, type Grade, exitCodeOf } from "./finding";
