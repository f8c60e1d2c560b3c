#include "client/tab_records.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace codeforge::client {

namespace {

std::uint64_t number_in(const model::Item& item, std::string_view name) {
    const model::Value* value = item.value.member(name);
    return value != nullptr ? base::parse_number(value->text()) : 0;
}

}  // namespace

std::string writer_of(const model::State& state) {
    const model::Item* item = state.find(model::SliceId::tabs, kWriterRecord);
    return item != nullptr ? base::unquoted(item->value.text()) : std::string();
}

model::Change writer_noted(std::string_view origin) { return model::Change::put(model::SliceId::tabs, kWriterRecord, base::quoted(origin)); }

std::uint64_t last_frame(const model::State& state, std::string_view origin) {
    const model::Item* item = state.find(model::SliceId::tabs, origin);
    return item != nullptr ? number_in(*item, "n") : 0;
}

model::Changes frame_noted(const model::State& state, std::string_view origin, std::uint64_t number, std::uint64_t at_ms) {
    model::Changes changes;
    const model::Items& known = state.items(model::SliceId::tabs);
    if (known.size() >= kMaxTabRecords && !known.contains(origin)) {
        const std::pair<const std::string, model::Item>* oldest = nullptr;
        for (const auto& entry : known)
            if (entry.first != kWriterRecord && (oldest == nullptr || number_in(entry.second, "at") < number_in(oldest->second, "at"))) oldest = &entry;
        changes.push_back(model::Change::erase(model::SliceId::tabs, oldest->first));
    }
    changes.push_back(model::Change::put(model::SliceId::tabs, origin, base::concat({R"({"n":)", base::number(number), R"(,"at":)", base::number(at_ms), "}"})));
    return changes;
}

}  // namespace codeforge::client
