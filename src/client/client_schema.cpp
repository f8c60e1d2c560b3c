// What the client does about the application's schema number: migrations, and stores that are newer.
#include "base/json_check.hpp"
#include "base/text.hpp"
#include "client/client.hpp"
#include "store/payload.hpp"

namespace codeforge::client {

using base::Code;
using base::Error;

base::Result<void> Client::take_schema(std::string_view config) {
    const auto schema = base::json_member(config, "schema");
    if (!schema || base::json_kind(*schema) != base::JsonKind::object) return {};
    const double version = base::number_member(*schema, "version", 0);
    schema_ = version >= 1 && version <= static_cast<double>(model::kMaxSchema) ? static_cast<std::uint64_t>(version) : 0;
    if (schema_ == 0 || static_cast<double>(schema_) != version)
        return Error{Code::malformed_payload, base::concat({"schema.version must be a whole number from 1 to ", base::number(model::kMaxSchema)})};
    if (const auto slices = base::json_member(*schema, "slices")) migrated_slices_ = *slices;
    return {};
}

void Client::open_schema(std::uint64_t now_ms) {
    const model::SchemaNumbers numbers = model::schema_numbers(state());
    read_only_ = numbers.level > schema_;
    if (read_only_ || numbers.level == schema_) return;
    model::Changes changes = model::begin_migration(state(), schema_, migrated_slices_, seq_ == 0);
    commit(std::move(changes), 0, now_ms);
}

base::Result<store::Reduction> Client::migrate(const model::Action& action) const {
    auto payload = store::text_payload(action);
    if (!payload) return payload.error();
    auto changes = model::carry_out_migration(state(), *payload);
    if (!changes) return changes.error();
    return store::Reduction{std::move(*changes), 0, false};
}

/// An action that writes whole items writes them as the application knows them now; the others edit what is there.
void Client::settle_marks(std::string_view type, model::Changes& changes) const {
    if (state().items(model::SliceId::schema).size() < 2) return;  // the numbers alone
    const model::ActionRef ref = state().table().find_action(type);
    if (ref.action == nullptr) return;
    using enum model::Verb;
    const model::Verb verb = ref.action->verb;
    if (verb != put && verb != replace && verb != put_many && verb != set_all && verb != remove && verb != set_field) return;
    model::Changes settled = model::marks_settled(state(), changes);
    changes.insert(changes.end(), std::make_move_iterator(settled.begin()), std::make_move_iterator(settled.end()));
}

/// The hidden slices too: whether a key waits for the server, and what is to be migrated, is asked here.
const model::SliceDef* Client::named(std::string_view slice) const {
    for (const model::SliceDef& def : model::slices())
        if (def.name == slice) return &def;
    return state().table().find_slice(slice);
}

Error Client::read_only_error() const {
    return {Code::read_only, base::concat({"the stored data is of schema ", base::number(model::schema_numbers(state()).level),
                                           "; this program knows schemas up to ", base::number(schema_),
                                           ". It can be read and exported; update the program to edit it"})};
}

/// Only what describes the moment may change while nothing may be written.
bool Client::refuses(const model::Changes& changes) const {
    if (!read_only_) return false;
    for (const model::Change& change : changes) {
        const model::SliceDef* def = state().table().find(change.slice);
        if (def == nullptr || !change.id.empty()) return true;
        for (const model::StateFieldDef& field : def->fields)
            if (field.persist && !change.path.empty() && change.path.front() == model::PathStep(field.name)) return true;
    }
    return false;
}

std::string Client::schema_json() const {
    const model::SchemaNumbers numbers = model::schema_numbers(state());
    const std::size_t records = state().items(model::SliceId::schema).size();
    return base::concat({R"({"known":)", base::number(schema_), R"(,"version":)", base::number(numbers.version),
                         R"(,"level":)", base::number(numbers.level), R"(,"pending":)", base::number(records > 0 ? records - 1 : 0),
                         R"(,"readOnly":)", read_only_ ? "true" : "false", "}"});
}

}  // namespace codeforge::client
