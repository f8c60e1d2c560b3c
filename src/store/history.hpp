// Undo and redo. Every edit of a user leaves a step in the hidden slice `history`, in the commit of the
// edit itself: what takes the edit back, not what the state was. Undoing applies a step and turns it
// into its own opposite, so it is a commit like any other.
// A timeline belongs to one user in one session. Edits of others (another session, the server, the
// core itself) stay when a step is undone: where they changed what a step would put back, that part of
// the step is withdrawn at once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/change.hpp"
#include "model/state.hpp"
#include "store/history_step.hpp"

namespace codeforge::store {

/// Steps of one timeline; the oldest goes first.
inline constexpr std::size_t kHistorySteps = 200;
/// Timelines that are kept; the one that was used longest ago goes first.
inline constexpr std::size_t kTimelines = 16;
/// JSON text of all steps. A step that alone is longer cannot be undone, nor can what was before it.
inline constexpr std::size_t kHistoryBytes = 32u << 20;
/// Edits of the same members of the same item are one step while no pause between them is longer than
/// this: what CodeMirror, ProseMirror and Yjs take for the end of a thought.
inline constexpr std::uint64_t kGroupPauseMs = 500;
/// And never for longer than this, so that one undo does not take minutes of typing away.
inline constexpr std::uint64_t kGroupSpanMs = 5000;

/// Whose edits a timeline holds.
struct Actor {
    std::string session;
    std::string user;
    std::string group;  // not "": edits belong to one step until another group is named
};

/// What an undo or redo does; nothing of it has been done yet.
struct HistoryMove {
    std::string type;        // of the action that is taken back or done again; "" when there was none
    model::Changes changes;  // of documents
    model::Changes notes;    // of the slice history, for the same commit
    /// {"type", "items": [[slice, id]…], "withdrawn": [{"slice", "id", "path", "why"}…]}; type null: nothing was left to do.
    std::string answer;
};

class History {
public:
    History();
    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;

    /// The slice was changed by somebody else (recovery, another tab): reads all of it again when it is next needed.
    void forget();
    /// The same for one item of the slice, by its id. Call it when `state` has the change.
    void seen(const model::State& state, std::string_view id);

    /// What has to be committed together with an actor's edit. Call it before the changes are applied.
    model::Changes note(const model::State& state, const model::Changes& changes, const Actor& actor, std::string_view type, std::uint64_t now_ms);
    /// The same for changes that nobody here asked for: they only withdraw.
    model::Changes note_others(const model::State& state, const model::Changes& changes);

    HistoryMove undo(const model::State& state, const Actor& actor) { return move(state, actor, false, true); }
    HistoryMove redo(const model::State& state, const Actor& actor) { return move(state, actor, true, true); }
    /// Takes back the step of `actor.group`, when it is the newest, and leaves no redo of it.
    HistoryMove drop_group(const model::State& state, const Actor& actor);
    model::Changes clear(const model::State& state, const Actor& actor);

    /// Grows whenever somebody's view differs.
    std::uint64_t revision() const { return revision_; }
    /// {"canUndo", "canRedo", "steps": [{"type", "slice", "id", "items", "at", "undone"?, "withdrawn"?}…]}, the oldest step first.
    std::string view(const model::State& state, const Actor& actor);

private:
    struct Known;     // what is known of one step without reading it
    struct Timeline;
    struct Open;      // the newest step, while edits may join it

    void learn(const model::State& state);
    Timeline& timeline(const Actor& actor, model::Changes& notes);
    Timeline* find(const Actor& actor);
    Timeline* find(std::uint64_t key);
    void load_open(const model::State& state, const Timeline& line);
    bool join(const model::State& state, Timeline& line, const model::Changes& changes, const Actor& actor, std::uint64_t now_ms, model::Changes& notes);
    void add_step(Timeline& line, HistoryStep&& step, model::Changes& notes);
    void drop(Timeline& line, std::uint64_t number, model::Changes& notes);
    void drop_all(Timeline& line, model::Changes& notes);
    void make_room(std::size_t bytes, Timeline& keep, model::Changes& notes);
    void withdraw(const model::State& state, const model::Changes& changes, const Timeline* except, model::Changes& notes);
    HistoryMove move(const model::State& state, const Actor& actor, bool redo, bool keep);
    bool move_step(const model::State& state, Timeline& line, Known& known, bool redo, bool keep, HistoryMove& done, std::string& withdrawn);

    std::vector<std::unique_ptr<Timeline>> lines_;
    std::unique_ptr<Open> open_;
    bool known_ = false;
    std::size_t bytes_ = 0;
    std::uint64_t revision_ = 1;
    std::string lost_group_;  // it became too long for a step: the rest of it must not be one
};

}  // namespace codeforge::store
