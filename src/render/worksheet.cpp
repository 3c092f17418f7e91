#include "render/worksheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "notation/names.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

constexpr std::size_t max_factors_in_numbers = 12;
constexpr std::size_t max_named_factors = 4;
constexpr std::size_t max_update_length = 160;  // characters; then the gradient goes by its name

using Key = std::pair<std::string, std::string>;  // of a partial: d, by

// Rows that say, one after the other, what `left` is; steps already said, and empty ones, are left
// out. The value stands beside the last one.
class Steps {
public:
    explicit Steps(Formula left, Relation relation = Relation::equals)
        : left_(std::move(left)), relation_(relation), last_(left_) {
        said_.insert(left_.text);
    }

    void add(const Formula& step, const std::string& note = {}) { add(step, note, relation_); }

    void add(const Formula& step, const std::string& note, Relation relation) {
        if (!step.text.empty() && said_.insert(step.text).second) {
            last_ = step;
            rows_.push_back({rows_.empty() ? left_ : Formula{}, relation, step, {}, note});
        }
    }

    // The rows so far; the next one begins with the left side again.
    std::vector<WorksheetRow> take() { return std::exchange(rows_, {}); }

    std::vector<WorksheetRow> take(const std::optional<Tensor>& value) {
        if (rows_.empty()) {  // nothing new to say, but the value to show
            rows_.push_back({left_, relation_, last_, {}, {}});
        }
        rows_.back().value = value;
        return take();
    }

private:
    Formula left_;
    Relation relation_;
    Formula last_;
    std::set<std::string> said_;
    std::vector<WorksheetRow> rows_;
};

void append(std::vector<WorksheetRow>& rows, std::vector<WorksheetRow> more) {
    rows.insert(rows.end(), more.begin(), more.end());
}

class WorksheetMaker {
public:
    explicit WorksheetMaker(const Explanation& explanation) : explanation_(explanation) {}

    Worksheet make() {
        // npos + 1 is 0: without a slash, all of it.
        sheet_.title = explanation_.network.substr(explanation_.network.find_last_of('/') + 1);
        add_forward();
        add_loss();
        add_cotangents();
        for (const GradientLine& gradient : explanation_.gradients) {
            add_gradient(gradient);
        }
        add_update();
        add_remarks();
        return std::move(sheet_);
    }

private:
    WorksheetSection& section(Prose title, bool is_gradient = false) {
        return sheet_.sections.emplace_back(WorksheetSection{std::move(title), is_gradient, {}});
    }

    static WorksheetRemark remark(Prose text) {
        return {WorksheetRemark::Kind::plain, std::move(text)};
    }

    void add_forward() {
        WorksheetTable table;
        for (const ForwardLine& line : explanation_.forward) {
            Steps steps(line.name);
            steps.add(line.expr, line.shape);
            if (line.inlined) {
                steps.add(*line.inlined);
            }
            append(table.rows, steps.take(line.value));
        }
        if (!table.rows.empty()) {
            section({"Forward pass"}).blocks.emplace_back(std::move(table));
        }
    }

    void add_loss() {
        const LossLine& loss = explanation_.loss;
        Steps steps(loss.name_formula);
        steps.add(loss.written);
        steps.add(loss.expr);
        steps.add(loss.substituted, "by substitution");
        WorksheetTable table;
        append(table.rows, steps.take(loss.value));
        section({"Loss"}).blocks.emplace_back(std::move(table));
    }

    // `partial` as rows: the rule as it stands, then in forward values.
    void add_partial(std::vector<WorksheetRow>& rows, const Partial& partial) {
        if (partial.pulls_back) {
            Steps steps(through(partial.d), Relation::gives);
            steps.add(partial.expr, partial.rule);
            append(rows, steps.take(partial.value));
            return;
        }
        Steps steps(partial.symbol);
        steps.add(partial.local, partial.rule);
        steps.add(partial.expr);
        const bool is_number =
            partial.expr.text.find_first_not_of("-.0123456789") == std::string::npos;
        append(rows, steps.take(is_number ? std::nullopt : partial.value));
    }

    // The partials that have not been shown before, each by its rule; the others by name.
    std::vector<WorksheetBlock> partial_blocks(const std::vector<Partial>& partials) {
        WorksheetTable table{{}, true, {}};
        std::vector<Formula> above;
        for (const Partial& partial : partials) {
            const auto shown = shown_.find({partial.d, partial.by});
            if (shown != shown_.end() && shown->second == partial.expr.text) {
                above.push_back(partial.pulls_back ? through(partial.d) : partial.symbol);
                continue;
            }
            shown_.insert_or_assign({partial.d, partial.by}, partial.expr.text);
            add_partial(table.rows, partial);
        }
        table.lead = lead_of(above, !table.rows.empty());
        std::vector<WorksheetBlock> blocks;
        if (!table.lead.empty()) {
            blocks.emplace_back(std::move(table));
        }
        return blocks;
    }

    // What stands before the factors, of which `above` are shown already and others may follow.
    static Prose lead_of(const std::vector<Formula>& above, bool others) {
        if (above.empty()) {
            return others ? Prose{"where"} : Prose{};
        }
        if (above.size() > max_named_factors) {
            return {others ? fmt::format("where {} factors are as above and", above.size())
                           : "where all factors are as above"};
        }
        Prose lead{"where "};
        for (const Formula& factor : above) {
            if (lead.size() > 1) {
                lead.emplace_back(", ");
            }
            lead.emplace_back(factor);
        }
        lead.emplace_back(
            fmt::format(" {} as above{}", above.size() == 1 ? "is" : "are", others ? " and" : ""));
        return lead;
    }

    static Formula through(const std::string& node) {
        return {"through " + node, "\\text{through } " + latex_name(node)};
    }

    void add_cotangents() {
        if (explanation_.cotangents.empty()) {
            return;
        }
        WorksheetSection& in = section({"Going back, from the loss"}, true);
        for (const Cotangent& cotangent : explanation_.cotangents) {
            Steps steps(cotangent.symbol);
            steps.add(cotangent.of_symbol, cotangent.shape);
            steps.add(cotangent.recursion);
            add_factors(in, steps, cotangent.partials, cotangent.of_symbol, cotangent.expr);
            steps.add(cotangent.expr);
            add_result(in, steps.take(cotangent.value));
        }
    }

    // The partial that is all there is to a derivative: its rule is told with the result.
    static const Partial* single(const std::vector<Partial>& partials, const Formula& of,
                                 const Formula& result) {
        const bool is_single = partials.size() == 1 && partials[0].expr.text == result.text &&
                               (partials[0].pulls_back || partials[0].symbol.text == of.text);
        return is_single ? &partials[0] : nullptr;
    }

    // The chain that `steps` has begun, and what the factors of `of` are.
    void add_factors(WorksheetSection& in, Steps& steps, const std::vector<Partial>& partials,
                     const Formula& of, const Formula& result) {
        in.blocks.emplace_back(WorksheetTable{{}, false, {}});
        if (const Partial* only = single(partials, of, result)) {
            shown_.insert_or_assign({only->d, only->by}, only->expr.text);
            steps.add(only->pulls_back ? only->expr : only->local, only->rule);
            return;
        }
        std::vector<WorksheetBlock> factors = partial_blocks(partials);
        if (factors.empty()) {
            return;
        }
        std::get<WorksheetTable>(in.blocks.back()).rows = steps.take();
        std::ranges::move(factors, std::back_inserter(in.blocks));
        in.blocks.emplace_back(WorksheetTable{{"so"}, false, {}});
    }

    // The last lines of a derivation, in the table that add_factors has left open.
    static void add_result(WorksheetSection& in, std::vector<WorksheetRow> rows) {
        append(std::get<WorksheetTable>(in.blocks.back()).rows, std::move(rows));
    }

    void add_gradient(const GradientLine& gradient) {
        WorksheetSection& in = section({gradient.symbol}, true);
        Steps steps(gradient.symbol);
        steps.add(gradient.chain, gradient.shape);
        add_factors(in, steps, gradient.partials, gradient.symbol, gradient.expr);
        steps.add(gradient.product);
        steps.add(gradient.expr);
        steps.add(in_numbers(gradient), "", Relation::about);
        add_result(in, steps.take(gradient.value));
        add_path_count(in, gradient);
        if (gradient.verified) {
            in.blocks.emplace_back(WorksheetRemark{
                WorksheetRemark::Kind::verified,
                {fmt::format("verified at {} random points: largest relative error {}",
                             gradient.verified->points,
                             short_number(gradient.verified->max_relative_error, 2))}});
        }
    }

    static void add_path_count(WorksheetSection& in, const GradientLine& gradient) {
        const double count =
            std::max(gradient.path_count, static_cast<double>(gradient.paths.size()));
        if (count > 1) {
            const std::string paths = short_number(count) + " paths";
            const bool written_out = gradient.chain.text.find(" + ") != std::string::npos;
            in.blocks.emplace_back(
                remark({written_out ? "A sum over " + paths + "."
                                    : paths + ", added up node by node on the way back."}));
        }
    }

    // The chain with each factor's number in its place, if all are scalars and few.
    static Formula in_numbers(const GradientLine& gradient) {
        std::map<std::string, double> numbers;
        for (const Partial& partial : gradient.partials) {
            if (partial.value && partial.value->is_scalar() && !partial.pulls_back) {
                numbers.emplace(partial.symbol.text, partial.value->data[0]);
            }
        }
        Formula sum;
        std::size_t factors = 0;
        for (const std::vector<std::string>& path : gradient.paths) {
            Formula product;
            for (const std::string& symbol : path) {
                const auto number = numbers.find(symbol);
                if (number == numbers.end() || ++factors > max_factors_in_numbers) {
                    return {};
                }
                append_factor(product, number->second);
            }
            sum.text += (sum.text.empty() ? "" : " + ") + product.text;
            sum.latex += (sum.latex.empty() ? "" : " + ") + product.latex;
        }
        return factors > 1 ? sum : Formula{};
    }

    static void append_factor(Formula& product, double number) {
        const bool bracketed = number < 0;
        const std::string text = short_number(number);
        const std::string latex = latex_number(number);
        product.text += product.text.empty() ? "" : " * ";
        product.text += bracketed ? "(" + text + ")" : text;
        product.latex += product.latex.empty() ? "" : " \\cdot ";
        product.latex += bracketed ? "(" + latex + ")" : latex;
    }

    // `w1 - alpha * dLoss/dw1` where the gradient is too long to be read a second time.
    Formula update_formula(const UpdateLine& line) const {
        const auto gradient =
            std::ranges::find(explanation_.gradients, line.weight, &GradientLine::of);
        if (line.expr.text.size() <= max_update_length ||
            gradient == explanation_.gradients.end()) {
            return line.expr;
        }
        return {fmt::format("{} - {} * {}", line.name.text, explanation_.rate_symbol,
                            gradient->symbol.text),
                fmt::format("{} - {} \\cdot {}", line.name.latex,
                            latex_name(explanation_.rate_symbol), gradient->symbol.latex)};
    }

    void add_update() {
        WorksheetTable table;
        for (const UpdateLine& line : explanation_.update) {
            Steps steps(line.name, Relation::becomes);
            steps.add(update_formula(line));
            append(table.rows, steps.take(line.value));
        }
        if (table.rows.empty()) {
            return;
        }
        WorksheetSection& in = section({"Update"});
        if (explanation_.rate) {
            in.blocks.emplace_back(
                remark({"One step down the gradient, with ",
                        Formula{explanation_.rate_symbol + " = " + short_number(*explanation_.rate),
                                latex_name(explanation_.rate_symbol) + " = " +
                                    latex_number(*explanation_.rate)},
                        "."}));
        }
        in.blocks.emplace_back(std::move(table));
    }

    void add_remarks() {
        if (explanation_.remarks.empty()) {
            return;
        }
        WorksheetSection& in = section({"Remarks"});
        for (const std::string& text : explanation_.remarks) {
            in.blocks.emplace_back(remark({text}));
        }
    }

    const Explanation& explanation_;
    Worksheet sheet_;
    std::map<Key, std::string> shown_;
};

}  // namespace

Worksheet make_worksheet(const Explanation& explanation) {
    return WorksheetMaker(explanation).make();
}

}  // namespace chainrule
