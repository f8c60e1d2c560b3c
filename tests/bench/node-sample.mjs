// One sample of one store in a process of its own; prints its figures as one line of JSON.
//
//   node --expose-gc tests/bench/node-sample.mjs STORE items|tree|memory COUNT
import { itemWorkloads, memoryWorkload, treeWorkload } from './lib/memory-workloads.mjs';

const kTasks = { items: itemWorkloads, tree: treeWorkload, memory: memoryWorkload };

const [store, task, count] = process.argv.slice(2);
const { default: adapter } = await import(`./stores/memory/${store}.mjs`);
const figures = await kTasks[task](adapter, Number(count));
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
