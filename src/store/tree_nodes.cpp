#include "store/tree_nodes.hpp"

#include <algorithm>

namespace codeforge::store {

using model::Path;
using model::PathStep;
using model::Value;

// Recursion is as deep as the tree, and items are at most kMaxDepth levels deep.
void TreeNodes::add(Tree& tree, const Value& value, std::int32_t parent, std::uint32_t child) {
    const auto self = static_cast<std::int32_t>(tree.nodes.size());
    tree.nodes.push_back({parent, child});
    if (const Value* id = value.member("id"); id != nullptr && id->kind() == base::JsonKind::string)
        tree.by_id[base::unquoted(id->text())].push_back(self);
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

std::vector<Path> TreeNodes::find(std::string_view tree_id, const Value& tree, std::string_view node_id) {
    auto it = trees_.find(tree_id);
    if (it == trees_.end()) {
        it = trees_.emplace(std::string(tree_id), Tree{}).first;
        if (const Value* root = tree.member("root")) add(it->second, *root, -1, 0);
    }
    std::vector<Path> paths;
    const auto hits = it->second.by_id.find(node_id);
    if (hits == it->second.by_id.end()) return paths;
    for (std::int32_t node : hits->second) {
        Path path = path_of(it->second, node);
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
    if (const auto it = trees_.find(std::string_view(change.id)); it != trees_.end()) trees_.erase(it);
}

}  // namespace codeforge::store
