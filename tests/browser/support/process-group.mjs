// The processes of one browser: it is started as the leader of a process group, so that a kill reaches all of them.
import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.mjs';

/** Whether a process of the group is there. */
function isAlive(group) {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** SIGKILL to the whole group, or to its first process only; it may have ended already. */
export function killGroup(group, onlyFirst = false) {
  if (isAlive(group)) process.kill(onlyFirst ? group : -group, 'SIGKILL');
}

/** Resolves when no process of the group is left. Orphans end by themselves; one that hangs would keep the profile's files open. */
export async function untilGroupGone(group) {
  await until('the browser is gone', () => !isAlive(group), 5_000).catch(() => killGroup(group));
}

/** Ids of the group's processes whose command line has this argument (Linux: read from /proc); at least one. */
export function groupMembers(group, argument) {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((id) => {
    try {
      // Behind the program's name in brackets: state, parent, group.
      const [, , ofGroup] = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      // A process that was forked and then renamed has spaces between its arguments.
      return Number(ofGroup) === group && readFileSync(`/proc/${id}/cmdline`, 'utf8').split(/[\0 ]/).includes(argument);
    } catch {
      return false; // it has ended meanwhile
    }
  });
  if (found.length === 0) throw new Error(`no process of group ${group} has the argument ${argument}`);
  return found.map(Number);
}
