// Types of the file that the build puts beside the module (.ci/lib/web.mjs).
export { gcm } from '@noble/ciphers/aes.js';
