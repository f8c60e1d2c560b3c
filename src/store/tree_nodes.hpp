// Where the nodes of a component tree are: node id -> paths, built on the first node edit of a tree
// and kept until an edit changes the tree's structure. Without it every node edit would search the
// tree; with it one in ten thousand nodes costs its depth.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "model/change.hpp"
#include "model/state.hpp"

namespace codeforge::store {

/// So many trees are kept ready for edits of their nodes.
inline constexpr std::size_t kTrees = 32;

class TreeNodes {
public:
    /// Paths of every node with that id, in depth-first order, none of them below another.
    std::vector<model::Path> find(std::string_view tree_id, const model::Value& tree, std::string_view node_id);
    /// Must see every change that is applied to a component tree.
    void note(const model::Change& change);
    void clear() { trees_.clear(); }

private:
    struct Node {
        std::int32_t parent;
        std::uint32_t child;
        std::int32_t next_same;  // the next node with the same id, -1: none
    };
    struct Tree {
        std::vector<Node> nodes;
        base::Numbers by_id;  // the first and the last node of an id, in the upper and the lower half

        std::int32_t add(std::int32_t parent, std::uint32_t child);
        /// `token`: a JSON string.
        void name(std::int32_t node, std::string_view token);
    };
    class TextWalk;
    static void add(Tree& tree, const model::Value& value, std::int32_t parent, std::uint32_t child);
    static model::Path path_of(const Tree& tree, std::int32_t node);

    std::vector<std::pair<std::string, Tree>>::iterator tree(std::string_view id);

    std::vector<std::pair<std::string, Tree>> trees_;  // at most kTrees, the oldest first
};

}  // namespace codeforge::store
