// The change feed: what JavaScript has to apply to its mirror, as the JSON of takeChanges().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/change.hpp"
#include "model/state.hpp"

namespace codeforge::client {

class ChangesFeed {
public:
    void add(std::string_view slice, const model::Change& change);
    /// The items of a slice have another order: [slice, "", [], ids].
    void add_order(const model::State& state, const model::SliceDef& slice);
    /// The mirror is to read the slice again after this batch; what the batch says of it is in there.
    void add_reload(std::string_view slice);
    /// The writer in another tab refused the frame of that number.
    void refused(std::uint64_t number, std::string_view error_json);
    void done(std::uint64_t ticket, std::string_view result_json);
    bool empty() const { return changes_.empty() && done_.empty() && refused_.empty(); }
    /// {"changes":[...],"done":[...],"refused":[[number,error]...],"status":bool}; empties the feed.
    std::string take(bool status_changed);

private:
    std::string changes_;
    std::string done_;
    std::string refused_;
};

}  // namespace codeforge::client
