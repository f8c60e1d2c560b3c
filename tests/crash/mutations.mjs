// Whether the enumeration of crashes and failures would notice: plants one fault at a time in a copy of the sources,
// builds crash_tests and expects it to fail.
//
//   node tests/crash/mutations.mjs            all of them; some minutes
//   node tests/crash/mutations.mjs 3 7        these
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inProject } from '../../.ci/lib/paths.mjs';
import { capture } from '../../.ci/lib/process.mjs';
import { setUp } from '../../.ci/setup.mjs';

/** [what is wrong, file, what stands there, what is put instead] */
export const kFaults = [
  ['checksums are not compared', 'persist/record.cpp', '!= crc) return false;', '!= crc && length == 0xffffffff) return false;'],
  ['a segment behind a gap is replayed', 'persist/recovery.cpp', 'if (!damage_before) return false;', ''],
  ['commits that the snapshot has are applied again', 'persist/recovery.cpp', 'if (commit->seq <= recovery.seq) return true;', ''],
  ['the newest head counts, whole or not', 'persist/recovery.cpp', 'if (attempt.damaged == 0) {', 'if (true) {'],
  ['shards without a head go before a whole log', 'persist/recovery.cpp', 'if (never_compacted || log_is_whole(files)) return {};', ''],
  ['a missing shard is not noticed', 'persist/recovery.cpp', 'if (file == files.end()) ++recovery.damaged;', 'if (file == files.end()) continue;'],
  ['a shard that was cut off is taken as whole', 'persist/snapshot.cpp', 'if (!ended) ++content.damaged;', ''],
  ['the snapshot claims a commit more than it has', 'persist/log.cpp', 'head.covered_seq = appended_seq_;', 'head.covered_seq = appended_seq_ + 1;'],
  ['the log begins one segment too late', 'persist/log.cpp', 'head.first_segment = next_segment_;', 'head.first_segment = next_segment_ + 1;'],
  ['old files are deleted together with the compaction', 'persist/log.cpp', 'if (write.puts.empty()) write.puts.push_back({"stable"',
    'if (flight.head) for (std::uint32_t n = head_.first_segment; n < flight.head->first_segment; ++n) write.deletes.push_back(segment_name(n));\n    if (write.puts.empty()) write.puts.push_back({"stable"'],
  ['a compaction writes shards that did not change, but not those that did', 'persist/log.cpp', 'dirty_[shard_of(change.slice, change.id, dirty_.size())] = true;', 'dirty_[0] = true;'],
  ['a strict flush is relaxed', 'persist/log.cpp', 'write.strict = strict_write_owed() || compact;', 'write.strict = compact;'],
  ['a failed write is forgotten', 'persist/log.cpp', 'waiting_.insert(place, std::move(flight.batch));', ''],
  ['everything counts as durable at once', 'persist/log.cpp', 'return first_missing - 1;', 'return appended_seq_;'],
  ['an edit is committed before its outbox record', 'client/client.cpp', 'commit(std::move(reduction->changes), reduction->echoed, now_ms);',
    'Changes last;\n        if (reduction->changes.size() > 1) { last.push_back(std::move(reduction->changes.back())); reduction->changes.pop_back(); }\n        commit(std::move(reduction->changes), reduction->echoed, now_ms);\n        if (!last.empty()) commit(std::move(last), 0, now_ms);\n        --seq_;'],
  ['segments are numbered from one again', 'persist/recovery.cpp', 'recovery.next_segment = std::max(recovery.next_segment, number + 1);', ''],
  ['a generation is given twice', 'persist/log.cpp', 'next_generation_ = recovery.next_generation;', ''],
];

async function main(chosen) {
  const env = await setUp('test');
  const copy = mkdtempSync(join(tmpdir(), 'codeforge-mutations-'));
  const configure = ['-S', copy, '-B', join(copy, 'build'), '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_CXX_FLAGS_RELEASE=-O1',
    '-DCODEFORGE_TESTS=ON', `-DCODEFORGE_THIRD_PARTY=${env.CODEFORGE_THIRD_PARTY ?? ''}`];
  const make = () => capture('cmake', ['--build', join(copy, 'build'), '--target', 'crash_tests'], { env, timeoutMs: 600_000 });
  const run = () => capture(join(copy, 'build/crash_tests'), ['--gtest_brief=1', '--gtest_fail_fast'], { env, timeoutMs: 180_000 });
  let survivors = 0;
  try {
    for (const part of ['src', 'tests', '.ci', 'CMakeLists.txt', 'web/src/generated']) cpSync(inProject(part), join(copy, part), { recursive: true });
    // A fault may leave a name unused.
    for (const file of ['CMakeLists.txt', '.ci/cmake/test_executables.cmake'])
      writeFileSync(join(copy, file), readFileSync(join(copy, file), 'utf8').replaceAll(' -Werror', ''));
    if (!capture('cmake', configure, { env }).ok) throw new Error('the copy does not configure');
    const clean = make();
    if (!clean.ok) throw new Error(`the copy does not build\n${clean.stdout.slice(-2000)}`);
    if (!run().ok) throw new Error('the copy fails without a fault');
    for (const [index, [what, file, stands, instead]] of kFaults.entries()) {
      if (chosen.length > 0 && !chosen.includes(index + 1)) continue;
      const path = join(copy, 'src', file);
      const source = readFileSync(path, 'utf8');
      if (source.split(stands).length !== 2) throw new Error(`fault ${index + 1} (${what}): ${file} has its line not exactly once`);
      writeFileSync(path, source.replace(stands, () => instead));
      const built = make();
      const done = built.ok ? run() : undefined;
      const test = done && !done.ok ? /^\[ {2}FAILED {2}\] (\S+)/m.exec(done.stdout)?.[1] ?? 'it crashed' : '';
      const verdict = !built.ok ? 'DOES NOT BUILD' : done.ok ? 'SURVIVED' : `found by ${test}`;
      if (!built.ok || done.ok) survivors += 1;
      console.log(`${String(index + 1).padStart(2)} ${what}: ${verdict}`);
      writeFileSync(path, source);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(survivors === 0 ? 'every fault was found' : `${survivors} were not found`);
  return survivors === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main(process.argv.slice(2).map(Number));
