/** An id that is unique across devices: two people offline may both add a file. */
export const newId = (prefix: string): string => `${prefix}-${crypto.randomUUID().slice(0, 13)}`;
