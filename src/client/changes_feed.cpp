#include "client/changes_feed.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace codeforge::client {

void ChangesFeed::add(std::string_view slice, const model::Change& change) {
    changes_ += changes_.empty() ? "[" : ",[";
    base::append_quoted(changes_, slice);
    changes_.push_back(',');
    base::append_quoted(changes_, change.id);
    changes_ += ",[";
    bool first = true;
    for (const model::PathStep& step : change.path) {
        if (!first) changes_.push_back(',');
        first = false;
        if (step.is_index) changes_ += base::number(step.index).view();
        else base::append_quoted(changes_, step.name);
    }
    changes_.push_back(']');
    if (!change.erased) {
        changes_.push_back(',');
        changes_ += change.json;
    }
    changes_.push_back(']');
}

void ChangesFeed::add_order(const model::State& state, const model::SliceDef& slice) {
    model::Change order{slice.id, false, {}, {}, "[", 0};
    for (const auto& [id, item] : state.ordered(slice.id)) {
        if (order.json.size() > 1) order.json.push_back(',');
        base::append_quoted(order.json, id);
    }
    order.json.push_back(']');
    add(slice.name, order);
}

void ChangesFeed::add_reload(std::string_view slice) {
    changes_ += changes_.empty() ? "[" : ",[";
    base::append_quoted(changes_, slice);
    changes_.push_back(']');
}

void ChangesFeed::refused(std::uint64_t number, std::string_view error_json) {
    if (!refused_.empty()) refused_.push_back(',');
    base::append(refused_, {"[", base::number(number), ",", error_json, "]"});
}

void ChangesFeed::done(std::uint64_t ticket, std::string_view result_json) {
    if (!done_.empty()) done_.push_back(',');
    base::append(done_, {"[", base::number(ticket), ",", result_json, "]"});
}

std::string ChangesFeed::take(bool status_changed) {
    std::string text = R"({"changes":[)";
    text += changes_;
    text += R"(],"done":[)";
    text += done_;
    if (!refused_.empty()) base::append(text, {R"(],"refused":[)", refused_});
    refused_.clear();
    text += status_changed ? R"(],"status":true})" : R"(],"status":false})";
    changes_.clear();
    done_.clear();
    return text;
}

}  // namespace codeforge::client
