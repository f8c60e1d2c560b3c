#include "crash/script.hpp"

#include "unit/support/frames.hpp"

namespace codeforge::crash {

using base::Random;
using testing::frame_fields;
using testing::frame_json;
using testing::frame_none;

namespace {

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string file_json(const std::string& id, const std::string& content) {
    return R"({"id":)" + quoted(id) + R"(,"name":"n","path":"/src","language":"ts","content":)" + quoted(content) + R"(,"updatedAt":1})";
}

class Writer {
public:
    explicit Writer(std::string name, std::uint64_t seed) : random_("crash-" + std::to_string(seed)) { script_.name = std::move(name); }

    void add(std::string frame, std::uint64_t pause_ms) { script_.steps.push_back({Step::Kind::dispatch, std::move(frame), pause_ms}); }
    void flush(bool strict, std::uint64_t pause_ms = 5) {
        script_.steps.push_back({strict ? Step::Kind::strict_flush : Step::Kind::flush, {}, pause_ms});
    }
    void pause(std::uint64_t ms) { script_.steps.push_back({Step::Kind::pause, {}, ms}); }
    void save(const std::string& id, const std::string& content, std::uint64_t pause_ms = 5) { add(frame_json("files/saveFile", file_json(id, content)), pause_ms); }
    void type(const std::string& id, const std::string& content, std::uint64_t pause_ms = 40) {
        add(frame_fields("files/updateItem", {{"id", quoted(id)}, {"content", quoted(content)}}), pause_ms);
    }
    void remove(const std::string& id, std::uint64_t pause_ms = 5) { add(frame_json("files/deleteFile", quoted(id)), pause_ms); }
    void tree(int children, std::uint64_t pause_ms = 5) {
        std::string nodes;
        for (int i = 0; i < children; ++i) nodes += (i ? "," : "") + std::string(R"({"id":"c)") + std::to_string(i) + R"(","type":"div","props":{}})";
        add(frame_json("componentTrees/addTree", R"({"id":"t","name":"t","root":{"id":"r","type":"div","children":[)" + nodes + R"(]},"updatedAt":1})"), pause_ms);
    }
    void node(const std::string& id, const std::string& value, std::uint64_t pause_ms = 5) {
        add(frame_json("componentTrees/updateTreeNode", R"({"treeId":"t","nodeId":)" + quoted(id) + R"(,"updates":{"props":{"text":)" + quoted(value) + "}}}"), pause_ms);
    }
    void set_all(int count, std::uint64_t pause_ms = 5) {
        std::string items;
        for (int i = 0; i < count; ++i) items += (i ? "," : "") + file_json("b" + std::to_string(i), word());
        add(frame_json("files/setItems", "[" + items + "]"), pause_ms);
    }
    void anything() {
        const std::string id = "f" + std::to_string(random_.next() % 5);
        const std::uint64_t pause_ms = random_.next() % 3 == 0 ? 260 : random_.next() % 60;
        switch (random_.next() % 12) {
            case 0: return remove(id, pause_ms);
            case 1: return node("c" + std::to_string(random_.next() % 3), word(), pause_ms);
            case 2: return add(frame_none("settings/toggleAutoSave"), pause_ms);
            case 3: return random_.next() % 6 == 0 ? set_all(1 + static_cast<int>(random_.next() % 4), pause_ms) : type(id, word(), pause_ms);
            case 4: return flush(random_.next() % 2 == 0);
            case 5: return pause(random_.next() % 4 == 0 ? 1500 : 300);
            case 6: case 7: return save(id, word(), pause_ms);
            default: return type(id, word(), pause_ms);
        }
    }
    std::string word() { return "w" + random_.hex(4 + random_.next() % 12); }
    Script take() { return std::move(script_); }

private:
    Script script_;
    Random random_;
};

Script typing() {
    Writer script("typing in one file", 1001);
    script.save("f0", "a");
    for (int i = 0; i < 60; ++i) script.type("f0", script.word(), i % 7 == 0 ? 400 : 30);
    return script.take();
}

Script bulk() {
    Writer script("loads of everything at once", 1002);
    for (int i = 0; i < 6; ++i) {
        script.set_all(12 - i, 300);
        script.type("b1", script.word(), 260);
        script.flush(i % 2 == 0, 300);
    }
    return script.take();
}

Script deletions() {
    Writer script("created and deleted again", 1003);
    for (int i = 0; i < 20; ++i) {
        const std::string id = "f" + std::to_string(i % 4);
        script.save(id, script.word(), 260);
        script.remove(id, i % 3 == 0 ? 5 : 260);
    }
    return script.take();
}

Script nodes() {
    Writer script("a tree, node by node", 1004);
    script.tree(6, 260);
    for (int i = 0; i < 40; ++i) script.node("c" + std::to_string(i % 6), script.word(), i % 5 == 0 ? 300 : 50);
    return script.take();
}

/// Writes of several files each. Their last records are short: the enumeration cuts these at every byte.
Script wide() {
    Writer script("writes of several files", 1007);
    // Above 60 kB by so little that the last part is short: a commit in parts.
    script.save("long", std::string(59'700, 'y'), 5);
    script.save("short", script.word(), 5);
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 4; ++i) script.save("f" + std::to_string(i), script.word() + std::string(24'000, 'x'), 0);
        if (round == 1) script.save("long" + script.word(), std::string(59'700, 'z'), 0);
        script.type("short", script.word(), 0);
        script.flush(round % 3 == 2, 20);
    }
    script.pause(1600);
    script.type("short", script.word(), 300);
    return script.take();
}

/// More segments than compaction waits for, pauses in which it comes, and more after it, twice.
Script compactions(const char* name, std::uint64_t seed, bool strict) {
    Writer script(name, seed);
    script.tree(3);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 36; ++i) {
            script.type("f" + std::to_string(i % 3), script.word(), 5);
            if (i % 6 == 0) script.save("f" + std::to_string(i % 3), script.word(), 5);
            script.flush(strict && i % 4 == 0, 10);
        }
        script.pause(1600);
        script.node("c1", script.word(), 300);
        script.remove("f1", 300);
    }
    script.save("f1", "back", 300);
    return script.take();
}

}  // namespace

std::vector<Script> scripts() {
    std::vector<Script> all = {typing(), bulk(), deletions(), nodes(), wide(), compactions("two compactions", 1005, false), compactions("two compactions among strict flushes", 1006, true)};
    for (std::uint64_t seed = 1; all.size() < 50; ++seed) {
        Writer script("seed " + std::to_string(seed), seed);
        script.tree(3);
        const int steps = seed % 2 == 0 ? 110 : 40;
        for (int i = 0; i < steps; ++i) script.anything();
        if (seed % 2 == 0) script.pause(1600);
        for (int i = 0; i < 4; ++i) script.anything();
        all.push_back(script.take());
    }
    return all;
}

Script aftermath(std::uint64_t seed) {
    Writer script("aftermath " + std::to_string(seed), 5000 + seed);
    script.save("after", script.word(), 260);
    script.type("after", script.word(), 10);
    script.flush(true);
    script.remove("f1", 1700);
    script.type("after", script.word(), 260);
    return script.take();
}

}  // namespace codeforge::crash
