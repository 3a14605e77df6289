"use strict";

// Loads CDK Terrain wherever a module asks for cdktf, as an override in package.json does.
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveSuccessor(request, ...rest) {
  const successor = request.replace(/^cdktf(?=$|\/)/, "cdktn");
  const bindings = process.env["SUCCESSOR_BINDINGS"];
  if (bindings === undefined || !/^(cdktn|constructs|@cdktf\/provider-aws)(?=$|\/lib\/|\/package)/.test(successor))
    return resolve.call(this, successor, ...rest);
  // One core and one tree of constructs for all bindings, as npm installs them.
  const [parent, isMain] = rest;
  const ours = successor.replace("@cdktf/provider-aws", "@cdktn/provider-aws");
  return resolve.call(this, ours, parent, isMain, { paths: [bindings] });
};
