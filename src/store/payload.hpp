// What an action's payload says, checked against the slice table: an item, an id, a list of items.
// Every refusal names the action, the member and what was wrong with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/change.hpp"
#include "model/slice_table.hpp"

namespace codeforge::store {

struct PayloadMember {
    std::string name;
    std::string_view text;  // "": the value that the state already has
};

struct PayloadItem {
    std::string id;
    std::vector<PayloadMember> members;  // with id
    std::string_view text;               // the whole item where it arrived as one text, else ""
    std::string* staged = nullptr;       // that text, if it may be taken

    /// JSON text of the item. Requires: no member has an empty text.
    std::string json() const;
    /// The same, for the last use of the item.
    std::string take_json() { return staged != nullptr ? std::move(*staged) : json(); }
};

base::Result<PayloadItem> item_payload(const model::Action& action, const model::SliceDef& slice);
base::Result<std::vector<PayloadItem>> items_payload(const model::Action& action, const model::SliceDef& slice);
/// A string, or an object with a string member id.
base::Result<std::string> id_payload(const model::Action& action);
/// The payload as one JSON text; "" without payload.
base::Result<std::string> text_payload(const model::Action& action);
/// Members of an object payload, without the rules for items.
base::Result<std::vector<PayloadMember>> object_payload(const model::Action& action);

base::Error malformed(const model::Action& action, std::string_view why);

}  // namespace codeforge::store
