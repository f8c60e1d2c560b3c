// Types of the copy that the build puts beside the module (.ci/lib/web.mjs).
export { dereference, Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
