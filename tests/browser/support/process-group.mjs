// The processes of one browser: it is started as the leader of a process group, so that a kill reaches all of them.
// Linux: they are read from /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.mjs';

/** Ids of the processes of a group that have not ended; a dead one whose end nobody has heard of has ended. */
function membersOf(group) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((id) => {
    try {
      // Behind the program's name in brackets: state, parent, group.
      const [state, , ofGroup] = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      return Number(ofGroup) === group && state !== 'Z';
    } catch {
      return false; // it has ended meanwhile
    }
  }).map(Number);
}

/** SIGKILL to the whole group, or to its first process only; they may have ended already. */
export function killGroup(group, onlyFirst = false) {
  try {
    process.kill(onlyFirst ? group : -group, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Resolves when no process of the group is left. Orphans end by themselves; one that hangs would keep the profile's files open. */
export async function untilGroupGone(group) {
  await until('the browser is gone', () => membersOf(group).length === 0, 5_000).catch(() => killGroup(group));
}

/** Ids of the group's processes whose command line has this argument; at least one. */
export function groupMembers(group, argument) {
  const found = membersOf(group).filter((id) => {
    try {
      // A process that was forked and then renamed has spaces between its arguments.
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').split(/[\0 ]/).includes(argument);
    } catch {
      return false;
    }
  });
  if (found.length === 0) throw new Error(`no process of group ${group} has the argument ${argument}`);
  return found;
}
