"use strict";

// Loads CDK Terrain wherever a module asks for cdktf, as an override in package.json does.
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveSuccessor(request, ...rest) {
  return resolve.call(this, request.replace(/^cdktf(?=$|\/)/, "cdktn"), ...rest);
};
