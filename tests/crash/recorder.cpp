#include "crash/recorder.hpp"

#include <algorithm>
#include <deque>
#include <variant>

#include "base/bytes.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::crash {

namespace {

constexpr std::uint64_t kStartMs = 1'700'000'000'000;
constexpr const char* kConfig = R"({"name":"crash","storage":"indexeddb","seed":"00112233445566778899aabbccddeeff"})";

class Run {
public:
    Run(const Files& start, std::uint64_t answer_ms) : answer_ms_(answer_ms) {
        recording_.start = start;
        client_ = testing::make_client(kConfig);
        client_->open(now_ms_);
        client_->poll();
        client_->loaded(listed(start), now_ms_);
        if (client_->phase() != client::Phase::ready) recording_.problem = "the store did not open";
        settle();
    }

    void step(const Step& step) {
        if (step.kind == Step::Kind::dispatch) {
            if (auto done = client_->dispatch(step.frame, now_ms_); !done && recording_.problem.empty()) recording_.problem = done.error().message;
        } else if (step.kind != Step::Kind::pause) {
            client_->flush(step.kind == Step::Kind::strict_flush, now_ms_);
        }
        settle();
        pass(step.pause_ms);
    }

    Recording finish() {
        pass(60'000);
        recording_.durable = client_->durable_seq();
        recording_.strict = strict_;
        return std::move(recording_);
    }

private:
    struct Open {
        std::size_t write = 0;
        std::uint64_t at_ms = 0;
    };

    void settle() {
        while (auto effect = client_->poll()) {
            auto* write = std::get_if<persist::Write>(&*effect);
            if (write == nullptr) continue;
            recording_.writes.push_back({std::move(*write), 0, 0});
            open_.push_back({recording_.writes.size() - 1, now_ms_ + answer_ms_});
        }
        recording_.prints[client_->seq()] = fingerprint(client_->state());
    }

    void pass(std::uint64_t ms) {
        const std::uint64_t until_ms = now_ms_ + ms;
        for (int turns = 0; turns < 10'000; ++turns) {
            const auto due = client_->next_deadline_ms();
            const std::uint64_t answer_at = open_.empty() ? ~std::uint64_t{0} : open_.front().at_ms;
            const std::uint64_t at = std::min(due.value_or(~std::uint64_t{0}), answer_at);
            if (at > until_ms) break;
            now_ms_ = std::max(now_ms_, at);
            if (answer_at <= now_ms_) answer();
            else client_->tick(now_ms_);
            settle();
        }
        now_ms_ = until_ms;
    }

    void answer() {
        Recorded& recorded = recording_.writes[open_.front().write];
        open_.pop_front();
        recorded.durable_before = client_->durable_seq();
        recorded.strict_before = strict_;
        client_->written(recorded.write.id, std::nullopt, now_ms_);
        if (recorded.write.strict) strict_ = client_->durable_seq();
    }

    std::uint64_t answer_ms_;
    std::uint64_t now_ms_ = kStartMs;
    std::uint64_t strict_ = 0;
    std::unique_ptr<client::Client> client_;
    std::deque<Open> open_;
    Recording recording_;
};

}  // namespace

Recording record(const Script& script, const Files& start, std::uint64_t answer_ms) {
    Run run(start, answer_ms);
    for (const Step& step : script.steps) run.step(step);
    return run.finish();
}

std::uint64_t fingerprint(const model::State& state) {
    std::uint32_t low = 0, high = 0x9e3779b9;
    const auto take = [&](std::string_view text) {
        low = base::crc32c(text, low);
        high = base::crc32c(text, high ^ static_cast<std::uint32_t>(text.size()));
    };
    for (const model::SliceDef& def : model::slices()) {
        if (!def.persist) continue;
        for (const model::StateFieldDef& field : def.fields) {
            if (!field.persist) continue;
            take(field.name);
            take(state.field(def.id, field.name)->text());
        }
        for (const auto& [id, item] : state.ordered(def.id)) {
            take(id);
            take(item->value.text());
        }
    }
    return std::uint64_t{high} << 32 | low;
}

std::vector<persist::File> listed(const Files& files) {
    std::vector<persist::File> list;
    list.reserve(files.size());
    for (const auto& [name, bytes] : files) list.push_back({name, bytes});
    return list;
}

void carry_out(Files& files, const persist::Write& write) {
    for (const persist::File& file : write.puts) files[file.name] = file.bytes;
    for (const std::string& name : write.deletes) files.erase(name);
}

}  // namespace codeforge::crash
