/**
 * Makes stack traces cheap for a synthesis.
 *
 * cdktf keeps a stack trace with every reference, and the TypeScript loader translates each through source maps: together
 * half of a synthesis (measured). Traces of errors stay; only those of references are left out. Imported first, since the
 * loader also reads the source map of every module that comes after.
 */
process.setSourceMapsEnabled(false);

const capture = Error.captureStackTrace.bind(Error);

Error.captureStackTrace = (target, below) => {
  if (target instanceof Error) capture(target, below);
};
