// The device's life: start, edits, writes, crashes, and the check of every recovery.
#include "sim/device.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/json_check.hpp"
#include "persist/record.hpp"
#include "sync/key.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::sim {

using model::SliceId;

Tokens tokens_in(std::string_view text) {
    Tokens found;
    for (std::size_t at = text.find("<e"); at != std::string_view::npos; at = text.find("<e", at + 1)) {
        const std::size_t end = text.find('>', at);
        if (end == std::string_view::npos) break;
        found.emplace(text.substr(at, end + 1 - at));
    }
    return found;
}

std::string persistent_text(const model::State& state) {
    std::string out;
    for (const model::SliceDef& def : model::slices()) {
        if (!def.persist) continue;
        out += std::string(def.name) + "\n";
        for (const model::StateFieldDef& field : def.fields)
            if (field.persist) out += std::string(field.name) + "=" + state.field(def.id, field.name)->text() + "\n";
        for (const auto& [id, item] : state.ordered(def.id)) out += std::string(id) + ":" + item->value.text() + "\n";
    }
    // Recovery reads items of custom slices by their numbers, before anybody defines them.
    for (std::size_t number = model::kFirstCustomSlice; number < std::min(state.slice_count(), model::kFirstPassingSlice); ++number)
        for (const auto& [id, item] : state.ordered(static_cast<SliceId>(number))) out += std::to_string(number) + "/" + std::string(id) + ":" + item->value.text() + "\n";
    return out;
}

void Device::start(std::uint64_t now_ms) {
    ++starts_;
    base::Random seeds(std::to_string(seed_) + "/" + std::to_string(number_) + "/" + std::to_string(starts_));
    client_ = testing::make_client(R"({"name":"sim","storage":"indexeddb","flaskApiUrl":"http://server","seed":")" + seeds.hex(32) +
                                   R"(","session":"sim-)" + std::to_string(number_) + R"(","slices":[{"name":"notes","collection":"items","wire":"notes","persist":true,"undo":true,"fields":{}}])" +
                                   R"(,"autoSync":{"enabled":true,"intervalMs":5000,"syncOnChange":true}})");
    if (!client_) return say("the client was not created");
    client_->open(now_ms);
    const auto first = client_->poll();
    if (!first || !std::holds_alternative<client::LoadFiles>(*first)) say("it does not ask for its files");
    client_->loaded(disk_.files(), now_ms);
    if (client_->phase() != client::Phase::ready) say("it did not open");
    check_recovery();
    settle(now_ms);
}

std::string Device::expected_text(std::uint64_t seq) const {
    if (const auto known = texts_.find(seq); known != texts_.end()) return known->second;
    auto base = bases_.upper_bound(seq);
    model::State state;
    std::uint64_t at = 1;
    if (base != bases_.begin()) {
        --base;
        state = base->second;
        at = base->first + 1;
    }
    for (; at <= seq; ++at) {
        const auto commit = commits_.find(at);
        if (commit == commits_.end()) return "a commit that was never written: " + std::to_string(at);
        for (const model::Change& change : commit->second.changes) state.apply(change);
    }
    return persistent_text(state);
}

/// Requires: nothing was committed since loaded() but what loaded() itself led to.
void Device::check_recovery() {
    const auto recovered = persist::recover(disk_.files());
    if (!recovered) return say("recovery refused: " + recovered.error().message);
    const std::uint64_t seq = recovered->seq;
    ledger_.tell("device " + std::to_string(number_) + " starts with commit " + std::to_string(seq) + ", promised " + std::to_string(durable_seq_));
    if (starts_ > 1) {
        // Commits behind a write that failed are given up with it; anything else is there and whole.
        if (recovered->torn_bytes > 0 || (recovered->damaged > 0 && disk_.failures() == 0)) say("damage on a disk that has none");
        if (seq < durable_seq_) say("durable was " + std::to_string(durable_seq_) + ", recovered is " + std::to_string(seq));
        else if (persistent_text(recovered->state) != expected_text(seq)) say("recovered state " + std::to_string(seq) + " is not the state after that commit");
    }
    for (auto& [token, edit] : ledger_.edits)
        if (edit.device == number_ && edit.seq > seq) {
            edit.lost = true;
            edit.seq = 0;  // its number will be used again
        }
    // Later numbers will be given again.
    texts_.erase(texts_.upper_bound(seq), texts_.end());
    commits_.erase(commits_.upper_bound(seq), commits_.end());
    bases_.erase(bases_.upper_bound(seq), bases_.end());
    texts_[seq] = persistent_text(recovered->state);
    bases_[seq] = recovered->state;
    durable_seq_ = seq;
    strict_seq_ = std::min(strict_seq_, seq);
}

void Device::crash(std::uint64_t now_ms, bool power_loss, DiskFault fault) {
    durable_seq_ = power_loss ? strict_seq_ : std::max(durable_seq_, client_->durable_seq());
    network_.forget(number_, random_);
    if (power_loss) disk_.lose_power(random_);
    else disk_.kill(random_, fault);
    client_.reset();
    flushes_.clear();
    done_.clear();
    start(now_ms);
}

void Device::edit(const std::string& key, const std::string& token, const std::string& frame, std::uint64_t now_ms) {
    const Tokens before = tokens_in(text_under(key));
    const std::uint64_t seq = client_->seq();
    const auto dispatched = client_->dispatch(frame, now_ms);
    if (!dispatched) {
        say("an edit was refused: " + dispatched.error().message);
        return;
    }
    ledger_.tell("device " + std::to_string(number_) + " edits " + key + " as " + token + ": " + frame + " -> " + text_under(key));
    note_edit(token, seq, before, tokens_in(text_under(key)));
    settle(now_ms);
}

void Device::note_edit(const std::string& token, std::uint64_t seq_before, const Tokens& before, const Tokens& after) {
    if (client_->seq() == seq_before) return;
    Ledger::Edit edit{number_, seq_before + 1, after.contains(token), false, {}};
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::inserter(edit.overwritten, edit.overwritten.end()));
    ledger_.edits.emplace(token, std::move(edit));
}

Tokens Device::tokens_of_documents() const {
    Tokens found;
    for (const std::string& key : keys()) found.merge(tokens_in(text_under(key)));
    return found;
}

void Device::group(const std::string& name) {
    if (!client_->context(R"({"group":")" + name + "\"}")) say("the context was refused");
}

void Device::move_in_history(std::string_view move, const std::string& token, std::uint64_t now_ms) {
    const Tokens before = tokens_of_documents();
    const std::uint64_t seq = client_->seq();
    const auto dispatched = client_->dispatch(testing::frame_none("history/" + std::string(move)), now_ms);
    if (!dispatched) return say(std::string(move) + " was refused: " + dispatched.error().message);
    ledger_.tell("device " + std::to_string(number_) + " " + std::string(move) + " as " + token);
    const Tokens after = tokens_of_documents();
    moves_ += before != after ? 1 : 0;
    note_edit(token, seq, before, after);
    settle(now_ms);
}

void Device::edit_and_undo(const std::string& key, const std::string& token, const std::string& frame, std::uint64_t now_ms) {
    const std::string before = text_under(key);
    const std::uint64_t seq = client_->seq();
    // A crash may leave any number of these commits, so each is an edit of its own.
    const auto step = [&](const std::string& what, const std::string& expected, const std::string& name) {
        const Tokens tokens = tokens_in(text_under(key));
        const std::uint64_t before_it = client_->seq();
        if (!client_->dispatch(testing::frame_none("history/" + what), now_ms)) say(what + " was refused");
        const std::string now = text_under(key);
        if (now.empty() != expected.empty() || (!now.empty() && !base::same_json(now, expected))) say(what + " of " + token + " gives " + now + ", not " + expected);
        note_edit(name, before_it, tokens, tokens_in(now));
    };
    group(token);
    if (!client_->dispatch(frame, now_ms)) say("an edit was refused");
    group("");
    const std::string edited = text_under(key);
    if (client_->seq() == seq || edited == before) return settle(now_ms);  // nothing was there to edit
    ledger_.tell("device " + std::to_string(number_) + " edits and undoes " + key + " as " + token);
    note_edit(token, seq, tokens_in(before), tokens_in(edited));
    step("undo", before, token + " undone");
    step("redo", edited, token + " redone");
    step("undo", before, token + " undone again");
    ++moves_;
    settle(now_ms);
}

void Device::flush(bool strict, std::uint64_t now_ms) {
    const std::uint64_t seq = client_->seq();
    flushes_[client_->flush(strict, now_ms)] = {seq, strict};
    settle(now_ms);
}

std::uint64_t Device::sync(std::string_view command, std::uint64_t now_ms) {
    const auto ticket = client_->sync(R"({"do":")" + std::string(command) + "\"}", now_ms);
    settle(now_ms);
    return ticket ? *ticket : 0;
}

void Device::configure(std::string_view text, std::uint64_t now_ms) {
    if (!client_->configure(text, now_ms)) say("configure was refused");
    settle(now_ms);
}

void Device::answered(const sync::HttpResponse& response, std::uint64_t now_ms) {
    client_->answered(response, now_ms);
    settle(now_ms);
}

std::optional<std::uint64_t> Device::next_ms() const {
    const auto disk_at = disk_.next_ms();
    const auto client_at = client_->next_deadline_ms();
    if (!disk_at || !client_at) return disk_at ? disk_at : client_at;
    return std::min(*disk_at, *client_at);
}

void Device::advance(std::uint64_t now_ms) {
    if (const auto at = disk_.next_ms(); at && *at <= now_ms) {
        const Disk::Done done = disk_.complete();
        ledger_.tell("disk " + std::to_string(number_) + " " + std::to_string(done.id) + (done.failure ? " " + done.failure->message : " done"));
        client_->written(done.id, done.failure, now_ms);
    } else {
        client_->tick(now_ms);
    }
    settle(now_ms);
}

/// Commits as the log wrote them, for the oracle.
void Device::note_write(const persist::Write& write) {
    for (const persist::File& file : write.puts) {
        if (persist::segment_number(file.name) == 0) continue;
        persist::RecordReader records(file.bytes);
        while (records.next()) {
            if (records.type() != persist::RecordType::commit) continue;
            if (auto commit = persist::read_commit(records.payload())) commits_.insert_or_assign(commit->seq, std::move(*commit));
            else say("a commit that does not decode was written");
        }
    }
}

void Device::note_feed() {
    if (!client_->has_news()) return;
    const std::string text = client_->take_changes();
    const base::Json feed = base::Json::parse(text, nullptr, false);
    if (feed.is_discarded()) return say("the feed is not JSON: " + text);
    if (text.find(R"(["conflicts",)") != std::string::npos)
        for (const auto& [id, item] : state().items(SliceId::conflicts)) ledger_.in_conflicts.merge(tokens_in(item.value.text()));
    for (const base::Json& entry : feed["done"]) {
        const auto ticket = entry[0].get<std::uint64_t>();
        const bool good = entry[1].contains("ok");
        if (done_.contains(ticket)) say("a ticket was answered twice");
        done_[ticket] = good;
        const auto flush = flushes_.find(ticket);
        if (flush == flushes_.end() || !good) continue;
        durable_seq_ = std::max(durable_seq_, flush->second.seq);
        if (flush->second.strict) strict_seq_ = std::max(strict_seq_, flush->second.seq);
    }
}

void Device::settle(std::uint64_t now_ms) {
    while (auto effect = client_->poll()) {
        if (auto* write = std::get_if<persist::Write>(&*effect)) {
            note_write(*write);
            ledger_.tell("device " + std::to_string(number_) + " writes " + std::to_string(write->id) + (write->strict ? " strictly " : " ") + (write->puts.empty() ? "" : write->puts[0].name));
            disk_.submit(std::move(*write), now_ms, random_);
        } else if (const auto* request = std::get_if<sync::HttpRequest>(&*effect)) {
            ledger_.tell("device " + std::to_string(number_) + " asks " + request->method + " " + request->url + " " + request->body);
            network_.send(number_, *request, now_ms, random_);
        }
    }
    note_feed();
    durable_seq_ = std::max(durable_seq_, client_->durable_seq());
    texts_[client_->seq()] = persistent_text(state());
    if (texts_.size() > 4000) texts_.erase(texts_.begin());
    if (network_.in_flight(number_) > sync::kRequestsInFlight) say("more requests in flight than allowed");
    if (disk_.open_writes() > 200) say("writes pile up");
    if (disk_.file_count() > 400) say("files pile up");
}

std::string Device::text_under(const std::string& key) const {
    const auto name = sync::parse_key(state().table(), key);
    return name ? sync::local_text(state(), *name).value_or("") : "";
}

std::vector<std::string> Device::keys() const {
    std::vector<std::string> found;
    const model::SliceTable& table = state().table();
    for (std::size_t number = 0; number < state().slice_count(); ++number) {
        const model::SliceDef* known = table.find(static_cast<SliceId>(number));
        if (known == nullptr || known->wire.empty()) continue;
        const model::SliceDef& def = *known;
        for (const auto& [id, item] : state().items(def.id)) found.push_back(sync::local_key(table, def.id, id));
        if (!def.wire_field.empty() && sync::local_text(state(), {def.id, {}})) found.push_back(sync::local_key(table, def.id, model::kCurrentId));
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace codeforge::sim
