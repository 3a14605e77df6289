/** Port of a Temporal cluster's frontend where nothing else is said. */
export const TEMPORAL_PORT = 7233;
