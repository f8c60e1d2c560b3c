#include "store/tree_nodes.hpp"

#include <algorithm>

namespace codeforge::store {

using model::Path;
using model::PathStep;
using model::Value;

/// Of an id that no node had yet.
constexpr std::uint64_t kNew = ~std::uint64_t{0};

std::int32_t TreeNodes::Tree::add(std::int32_t parent, std::uint32_t child) {
    nodes.push_back({parent, child, -1});
    return static_cast<std::int32_t>(nodes.size()) - 1;
}

void TreeNodes::Tree::name(std::int32_t node, std::string_view token) {
    const auto number = static_cast<std::uint64_t>(node);
    std::uint64_t& ends = by_id.try_emplace(base::unquoted(token), kNew).first->second;
    if (ends != kNew) nodes[ends & 0xffffffffu].next_same = node;
    ends = (ends == kNew ? number << 32 : ends & ~std::uint64_t{0xffffffffu}) | number;
}

/// Finds the nodes in the text of a tree that is not taken apart, in one pass. Requires: well-formed JSON.
class TreeNodes::TextWalk {
public:
    TextWalk(Tree& tree, std::string_view text) : tree_(tree), text_(text), first_(tree.nodes.size()) {}

    void root(std::int32_t parent, std::uint32_t child) {
        node(parent, child);
        // A node's id may stand behind its children.
        for (std::size_t i = 0; i < ids_.size(); ++i)
            if (!ids_[i].empty()) tree_.name(static_cast<std::int32_t>(first_ + i), ids_[i]);
    }

private:
    void node(std::int32_t parent, std::uint32_t child) {
        const std::int32_t self = tree_.add(parent, child);
        ids_.emplace_back();
        if (now() != '{') return skip();
        bool named = false;
        bool has_children = false;
        for (open(); now() == '"'; close_member()) {
            const std::string_view name = string();
            step();  // the colon
            if (!named && is(name, "id")) {
                named = true;
                if (now() == '"') ids_[static_cast<std::size_t>(self) - first_] = string();
                else skip();
            } else if (!has_children && is(name, "children") && now() == '[') {
                has_children = true;
                children(self);
            } else {
                has_children = has_children || is(name, "children");
                skip();
            }
        }
        step();
    }

    static bool is(std::string_view token, std::string_view name) {
        if (token.find('\\') != std::string_view::npos) return base::unquoted(token) == name;
        return token.substr(1, token.size() - 2) == name;
    }

    char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    /// Behind the present character and the space after it.
    void step() {
        ++at_;
        space();
    }
    void space() {
        while (base::is_json_space(now())) ++at_;
    }
    void open() { step(); }
    void close_member() {
        space();
        if (now() == ',') step();
    }

    std::string_view string() {
        const std::size_t from = at_;
        at_ = std::min(base::string_end(text_, from), text_.size());
        const std::string_view token = text_.substr(from, at_ - from);
        space();
        return token;
    }

    void skip() {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '"') at_ = std::min(base::string_end(text_, at_), text_.size()) - 1;
            else if (c == '{' || c == '[') ++depth;
            else if ((c == '}' || c == ']') && depth-- == 0) return;
            else if (c == ',' && depth == 0) return;
        }
    }

    void children(std::int32_t self) {
        std::uint32_t index = 0;
        for (open(); now() != ']' && now() != '}' && now() != '\0'; close_member()) node(self, index++);
        step();
    }

    Tree& tree_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t first_;                   // number of the first node
    std::vector<std::string_view> ids_;  // the tokens of the nodes from there on; "": none
};

// Recursion is as deep as the tree, and items are at most kMaxDepth levels deep.
void TreeNodes::add(Tree& tree, const Value& value, std::int32_t parent, std::uint32_t child) {
    if (const std::string_view text = value.whole_text(); !text.empty()) return TextWalk(tree, text).root(parent, child);
    const std::int32_t self = tree.add(parent, child);
    if (const Value* id = value.member("id"); id != nullptr && id->kind() == base::JsonKind::string) tree.name(self, id->text());
    const Value* children = value.member("children");
    if (children == nullptr || children->kind() != base::JsonKind::array) return;
    std::uint32_t index = 0;
    for (const Value::Member& element : children->members()) add(tree, element.value, self, index++);
}

Path TreeNodes::path_of(const Tree& tree, std::int32_t node) {
    Path path;
    path.reserve(32);  // with room for the member that an edit adds
    for (; tree.nodes[static_cast<std::size_t>(node)].parent >= 0; node = tree.nodes[static_cast<std::size_t>(node)].parent) {
        path.emplace_back(tree.nodes[static_cast<std::size_t>(node)].child);
        path.emplace_back("children");
    }
    path.emplace_back("root");
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<std::pair<std::string, TreeNodes::Tree>>::iterator TreeNodes::tree(std::string_view id) {
    return std::find_if(trees_.begin(), trees_.end(), [id](const auto& known) { return known.first == id; });
}

std::vector<Path> TreeNodes::find(std::string_view tree_id, const Value& tree_value, std::string_view node_id) {
    auto it = tree(tree_id);
    if (it == trees_.end()) {
        if (trees_.size() >= kTrees) trees_.erase(trees_.begin());
        trees_.emplace_back(tree_id, Tree{});
        it = trees_.end() - 1;
        if (const Value* root = tree_value.member("root")) add(it->second, *root, -1, 0);
    }
    std::vector<Path> paths;
    const Tree& known = it->second;
    const auto hits = known.by_id.find(std::string(node_id));
    if (hits == known.by_id.end()) return paths;
    for (auto node = static_cast<std::int32_t>(hits->second >> 32); node >= 0; node = known.nodes[static_cast<std::size_t>(node)].next_same) {
        Path path = path_of(known, node);
        const bool below = std::any_of(paths.begin(), paths.end(), [&](const Path& above) {
            return above.size() < path.size() && std::equal(above.begin(), above.end(), path.begin());
        });
        if (!below) paths.push_back(std::move(path));
    }
    return paths;
}

void TreeNodes::note(const model::Change& change) {
    if (change.slice != model::SliceId::component_trees || change.id.empty()) return;
    const Path& path = change.path;
    const bool inside_root = path.empty() || path.front().name == "root";
    if (!inside_root) return;
    // root (children i)* member: an edit of one member other than children and id keeps the shape.
    bool keeps_shape = path.size() >= 2 && path.size() % 2 == 0;
    for (std::size_t i = 1; keeps_shape && i + 1 < path.size(); i += 2)
        keeps_shape = !path[i].is_index && path[i].name == "children" && path[i + 1].is_index;
    keeps_shape = keeps_shape && !path.back().is_index && path.back().name != "children" && path.back().name != "id";
    if (keeps_shape) return;
    if (const auto it = tree(change.id); it != trees_.end()) trees_.erase(it);
}

}  // namespace codeforge::store
