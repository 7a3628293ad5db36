/** The parser for Node: opens paths, directories, gzip and standard input. */

export { type Followed, type FollowOptions, followEvents } from "./node/follow/follow-events.js";
export type { LiveOptions } from "./node/follow/live-chunks.js";
export { type Opened, type OpenOptions, openEvidence } from "./node/open-evidence.js";
export { type Evidence, readEvidence } from "./node/read-evidence.js";
