// Lines of an answer file: `z1 = x * w1`, `dLoss/dw2 = A = B`, `w1 <- w1 - alpha * A`.
#include <string>
#include <utility>

#include "lang/statement_parser.h"

namespace chainrule {

namespace {

bool is_differential(const ast::Expr& expr) {
    const auto* name = std::get_if<ast::Name>(&expr.node);
    return name != nullptr && name->name.size() > 1 && name->name.front() == 'd';
}

}  // namespace

std::vector<ast::Answer> StatementParser::parse_answers() {
    std::vector<ast::Answer> answers;
    bool going = true;
    while (going) {
        while (tokens_.accept(TokenKind::newline)) {
        }
        if (tokens_.at(TokenKind::end)) break;
        going = guard([&] {
            ast::Answer answer = parse_answer();
            expect_line_end();
            answers.push_back(std::move(answer));
        });
    }
    return answers;
}

ast::Answer StatementParser::parse_answer() {
    const std::uint32_t begin = tokens_.current().begin;
    ast::Answer answer;
    answer.left = expressions_.parse_sum();
    check_answer_left(answer.left);
    answer.update = accept_arrow();
    if (!answer.update) {
        if (!tokens_.at(TokenKind::equal_sign))
            tokens_.fail_expected("expected '=' or '<-' after the left side of an answer");
        tokens_.take_operator();
    }
    answer.right.push_back(expressions_.parse());
    while (tokens_.at(TokenKind::equal_sign)) {
        tokens_.take_operator();
        answer.right.push_back(expressions_.parse());
    }
    answer.span = tokens_.span_from(begin);
    return answer;
}

// `<-` is two tokens, because inside an expression `a <-b` compares.
bool StatementParser::accept_arrow() {
    if (tokens_.at(TokenKind::arrow)) {
        tokens_.take_operator();
        return true;
    }
    const Token next = tokens_.peek();
    const bool arrow = tokens_.at(TokenKind::less) && next.kind == TokenKind::minus &&
                       next.begin == tokens_.current().end;
    if (!arrow) return false;
    tokens_.take();
    tokens_.take_operator();
    return true;
}

void StatementParser::check_answer_left(ast::ExprId left) const {
    const ast::Expr& expr = tree_[left];
    if (std::holds_alternative<ast::Name>(expr.node)) return;
    const auto* quotient = std::get_if<ast::Binary>(&expr.node);
    const bool derivative = quotient != nullptr && quotient->op == ast::BinaryOp::divide &&
                            is_differential(tree_[quotient->lhs]) &&
                            is_differential(tree_[quotient->rhs]);
    if (!derivative)
        tokens_.fail(expr.span,
                     "the left side of an answer is a name or a derivative, such as z1 "
                     "or dLoss/dw2");
}

}  // namespace chainrule
