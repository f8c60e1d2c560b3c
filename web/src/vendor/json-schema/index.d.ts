// Types of the copy that the build puts beside the module (.ci/lib/web.mjs).
export { Validator, type OutputUnit } from '@cfworker/json-schema';
