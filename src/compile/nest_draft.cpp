#include "compile/nest_draft.h"

#include <algorithm>
#include <unordered_map>

#include "ops/rules.h"

namespace chainrule {
namespace {

class Drafter {
public:
    Drafter(const Graph& graph, Layouts& layouts, const CompileOptions& options,
            const RowDomain& domain)
        : graph_(graph), layouts_(layouts), options_(options), domain_(domain) {}

    std::vector<NestDraft> run(const std::vector<Item>& items) {
        for (const Item& item : items) {
            place(item);
        }
        return std::move(drafts_);
    }

private:
    void place(const Item& item) {
        const ItemLoops loops = loops_of(graph_, item, domain_);
        std::size_t nest = first_allowed(item);
        while (nest < drafts_.size() && !can_join(drafts_[nest], loops)) {
            ++nest;
        }
        if (nest == drafts_.size()) {
            drafts_.push_back({loops.shape, {}, {}, !loops.alone});
        }
        NestDraft& draft = drafts_[nest];
        draft.items.push_back(item);
        if (draft.reduced.empty()) {
            draft.reduced = loops.reduced;
        }
        if (item.kind == ItemKind::compute) {
            nest_of_.emplace(item.node, nest);
        }
    }

    static bool can_join(const NestDraft& draft, const ItemLoops& loops) {
        const bool masks_agree =
            loops.reduced.empty() || draft.reduced.empty() || loops.reduced == draft.reduced;
        return draft.is_shared && !loops.alone && draft.shape == loops.shape && masks_agree;
    }

    // An item can stand beside an operand that it reads element by element, else only behind it.
    std::size_t first_allowed(const Item& item) {
        std::size_t first = 0;
        for (const NodeId operand : graph_[item.node].operands) {
            const Layout& layout = layouts_.of(operand);
            first = std::max(first, after(layout.base, is_alongside(item, layout)));
        }
        for (const StateUpdate& update : options_.updates) {
            if (update.value == item.node) {
                first = std::max(first, after_readers(update.leaf, item));
            }
        }
        return first;
    }

    std::size_t after(NodeId base, bool alongside) const {
        const auto found = nest_of_.find(base);
        return found == nest_of_.end() ? 0 : found->second + (alongside ? 0 : 1);
    }

    bool is_alongside(const Item& item, const Layout& layout) const {
        const Op& producer = *graph_[layout.base].op;
        const bool by_element = std::holds_alternative<ScalarBody>(producer.lowering) ||
                                std::holds_alternative<IndexedView>(producer.lowering) ||
                                producer.is_view();
        const Op& op = *graph_[item.node].op;
        const bool reads_by_element = std::holds_alternative<ScalarBody>(op.lowering) ||
                                      std::holds_alternative<Fold>(op.lowering) ||
                                      item.kind == ItemKind::partial || op.is_view();
        return by_element && reads_by_element && layout.is_whole(graph_);
    }

    // A new value is stored in the old one's place: in or behind the last nest that reads the old
    // one.
    std::size_t after_readers(NodeId leaf, const Item& item) {
        std::size_t first = 0;
        for (const auto& [node, nest] : nest_of_) {
            for (const NodeId operand : graph_[node].operands) {
                const Layout& layout = layouts_.of(operand);
                if (layout.base == leaf && node != item.node) {
                    first = std::max(first, nest + (is_alongside({node}, layout) ? 0 : 1));
                }
            }
        }
        return first;
    }

    const Graph& graph_;
    Layouts& layouts_;
    const CompileOptions& options_;
    const RowDomain& domain_;
    std::vector<NestDraft> drafts_;
    std::unordered_map<NodeId, std::size_t> nest_of_;
};

}  // namespace

bool NestDraft::holds(NodeId node) const {
    return std::ranges::any_of(items, [&](const Item& item) {
        return item.node == node && item.kind == ItemKind::compute;
    });
}

std::vector<std::int64_t> without_unit_axes(const std::vector<std::int64_t>& values,
                                            const Shape& shape, bool has_row_axis) {
    std::vector<std::int64_t> result;
    for (std::size_t axis = has_row_axis ? 1 : 0; axis < shape.size(); ++axis) {
        if (shape[axis] != 1) {
            result.push_back(values[axis]);
        }
    }
    return result;
}

ItemLoops loops_of(const Graph& graph, const Item& item, const RowDomain& domain) {
    const Node& node = graph[item.node];
    const bool has_row_axis = !domain.batch && domain.rows > 1;
    ItemLoops loops;
    const auto* fold = std::get_if<Fold>(&node.op->lowering);
    loops.alone =
        std::holds_alternative<MatrixProduct>(node.op->lowering) ||
        std::holds_alternative<StridedPlacement>(node.op->lowering) ||
        std::holds_alternative<IndexedPlacement>(node.op->lowering) ||
        (std::holds_alternative<BatchFold>(node.op->lowering) && item.kind == ItemKind::compute);
    const Shape& shape = fold != nullptr ? graph.type(node.operands[0]).shape : node.type.shape;
    loops.shape = without_unit_axes(shape, shape, has_row_axis);
    if (fold != nullptr) {
        std::vector<std::int64_t> folded(shape.size(), 0);
        for (const std::int64_t axis :
             normal_axes(list_attribute(node.attributes, 0), shape.size())) {
            folded[static_cast<std::size_t>(axis)] = 1;
        }
        for (const std::int64_t axis : without_unit_axes(folded, shape, has_row_axis)) {
            loops.reduced.push_back(axis != 0);
        }
    }
    return loops;
}

std::vector<NestDraft> draft_nests(const Graph& graph, Layouts& layouts,
                                   const CompileOptions& options, const RowDomain& domain,
                                   const std::vector<Item>& items) {
    return Drafter(graph, layouts, options, domain).run(items);
}

}  // namespace chainrule
