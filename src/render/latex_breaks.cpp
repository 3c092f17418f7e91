#include <algorithm>
#include <array>
#include <cctype>

#include "render/latex_token.h"
#include "render/line_breaks.h"

namespace chainrule {
namespace {

constexpr double latex_depth_penalty = 13;
constexpr double latex_bracket_penalty = 4;
constexpr int latex_counted_depth = 2;
// A \left( ... \right) wider than this becomes \bigl( ... \bigr), inside which a line may end.
constexpr double max_unbroken_width = 22;

struct Operator {
    std::string_view token;
    double penalty;  // outside brackets
};
constexpr std::array<Operator, 18> binary_operators{{
    {"+", 0},
    {"-", 0},
    {"=", 0},
    {"<", 0},
    {">", 0},
    {"\\le", 0},
    {"\\ge", 0},
    {"\\ne", 0},
    {"\\leq", 0},
    {"\\geq", 0},
    {"\\neq", 0},
    {"\\approx", 0},
    {"\\cdot", 7},
    {"\\odot", 7},
    {"\\times", 7},
    {"/", 7},
    {"\\otimes", 7},
    {"\\,", 9},
}};

const Operator* operator_of(std::string_view token) {
    const auto* const found = std::ranges::find(binary_operators, token, &Operator::token);
    return found == binary_operators.end() ? nullptr : &*found;
}

// A pair \left( ... \right) of a formula, by the positions of its two commands.
struct SizedPair {
    std::size_t left;
    std::size_t right;
    bool tall;   // something inside is taller than a line
    bool plain;  // both delimiters are round or square brackets
};

bool is_plain_delimiter(std::string_view token) {
    return token.size() == 1 && std::string_view("()[]").find(token) != std::string_view::npos;
}

std::vector<SizedPair> sized_pairs(std::string_view formula) {
    constexpr std::array tall_commands{"\\frac", "\\tfrac", "\\dfrac", "\\begin",
                                       "\\sum",  "\\prod",  "\\int",   "\\sqrt"};
    std::vector<SizedPair> pairs;
    std::vector<SizedPair> open;
    LatexCursor cursor(formula);
    while (!cursor.at_end()) {
        const std::size_t at = cursor.position();
        const std::string_view token = cursor.next();
        if (token == "\\left") {
            open.push_back({at, at, false, is_plain_delimiter(cursor.peek())});
        } else if (token == "\\right" && !open.empty()) {
            SizedPair pair = open.back();
            open.pop_back();
            pair.right = at;
            pair.plain = pair.plain && is_plain_delimiter(cursor.peek());
            if (!open.empty()) {
                open.back().tall |= pair.tall;
            }
            pairs.push_back(pair);
        } else if (!open.empty() &&
                   std::ranges::find(tall_commands, token) != tall_commands.end()) {
            open.back().tall = true;
        }
    }
    return pairs;
}

bool is_wide(std::string_view formula) {
    constexpr std::size_t surely_wide = 400;  // characters; keeps deep nesting linear
    return formula.size() > surely_wide || latex_width(formula) > max_unbroken_width;
}

// Brackets around what is no taller than a line need no \left and \right, which would forbid a line
// break between them; brackets around what is too wide for a line do without too.
std::string with_breakable_brackets(std::string_view formula) {
    struct Edit {
        std::size_t at;
        std::size_t length;
        std::string_view replacement;
    };
    std::vector<Edit> edits;
    constexpr std::string_view left = "\\left";
    constexpr std::string_view right = "\\right";
    for (const SizedPair& pair : sized_pairs(formula)) {
        const std::size_t inside = pair.left + left.size() + 1;
        if (!pair.plain) {
            continue;
        }
        if (!pair.tall) {
            edits.push_back({pair.left, left.size(), ""});
            edits.push_back({pair.right, right.size(), ""});
        } else if (is_wide(formula.substr(inside, pair.right - inside))) {
            edits.push_back({pair.left, left.size(), "\\bigl"});
            edits.push_back({pair.right, right.size(), "\\bigr"});
        }
    }
    std::ranges::sort(edits, {}, &Edit::at);
    std::string result;
    std::size_t done = 0;
    for (const Edit& edit : edits) {
        result += formula.substr(done, edit.at - done);
        result += edit.replacement;
        done = edit.at + edit.length;
    }
    return result += formula.substr(done);
}

class Splitter {
public:
    explicit Splitter(std::string_view formula) : formula_(formula), cursor_(formula) {}

    std::vector<FormulaPiece> split() {
        while (!cursor_.at_end()) {
            step();
        }
        cut(formula_.size(), 0);
        return std::move(pieces_);
    }

private:
    void step() {
        const std::size_t at = cursor_.position();
        const std::string_view token = cursor_.next();
        if (token == "{") {
            ++enclosed_;
        } else if (token == "}") {
            --enclosed_;
        } else if (token == "\\left" || token == "\\begin") {
            ++enclosed_;
        } else if (token == "\\right" || token == "\\end") {
            --enclosed_;
            (token == "\\end" ? cursor_.group() : cursor_.next());
        } else if (token == "\\sqrt" && cursor_.peek() == "[") {
            skip_root_index();
        } else if (enclosed_ == 0) {
            split_at(at, token);
        }
        if (token != " ") {
            // After these a sign is no operator between two operands, or may be none.
            constexpr std::array openers{"(",       "[",        "|",   ",",
                                         "\\lVert", "\\lfloor", "\\{", "\\bigl"};
            after_operand_ =
                operator_of(token) == nullptr && std::ranges::find(openers, token) == openers.end();
        }
    }

    void split_at(std::size_t at, std::string_view token) {
        const Operator* op = operator_of(token);
        if (op != nullptr && after_operand_) {
            cut(at, depth_ == 0 ? op->penalty : op->penalty / 4);
        } else if (token == "(" || token == "[") {
            ++depth_;
            if (token == "(") {
                cut(cursor_.position(), latex_bracket_penalty);
            }
        } else if (token == ")" || token == "]") {
            --depth_;
        } else if (token == ",") {
            cut(cursor_.position(), 0);
        }
    }

    void skip_root_index() {
        while (!cursor_.at_end() && cursor_.next() != "]") {
        }
    }

    void cut(std::size_t end, double penalty) {
        const std::string_view text = formula_.substr(begin_, end - begin_);
        if (!text.empty()) {
            const double deep = std::min(depth_, latex_counted_depth) * latex_depth_penalty;
            pieces_.push_back({std::string(text), latex_width(text), deep + penalty});
        }
        begin_ = end;
    }

    std::string_view formula_;
    LatexCursor cursor_;
    std::vector<FormulaPiece> pieces_;
    std::size_t begin_ = 0;
    int enclosed_ = 0;
    int depth_ = 0;
    bool after_operand_ = false;
};

}  // namespace

std::vector<FormulaPiece> latex_pieces(std::string_view formula) {
    return Splitter(with_breakable_brackets(formula)).split();
}

}  // namespace chainrule
