// Compiles LaTeX formulas, one per line of standard input, with KaTeX in its strictest mode, and
// names each one that does not compile: its line, the formula, what KaTeX has against it. Exits 1 if
// there is one.
//
//     echo '\frac{1}{2} \sigma(w_1)' | node tests/support/check_latex.js
"use strict";
const katex = require("/usr/share/javascript/katex/katex.js");

let failures = 0;
const lines = require("fs").readFileSync(0, "utf-8").split("\n");
lines.forEach((formula, index) => {
    if (formula.trim() === "") return;
    try {
        katex.renderToString(formula, {displayMode: true, strict: "error", throwOnError: true});
    } catch (error) {
        failures += 1;
        console.log(`${index + 1}: ${formula}: ${error.message}`);
    }
});
process.exit(failures > 0 ? 1 : 0);
