export { type Fact, type Finding, type Grade, exitCodeOf } from "./finding";
