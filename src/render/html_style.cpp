#include "render/html_style.h"

namespace chainrule {

// Only fonts that systems bring along; a math font where there is one.
const std::string_view html_style = R"(
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d2129; --faint: #6a7280; --line: #e3e3dd; --card: #f5f5f0;
  --forward: #1f5fbf; --gradient: #b3261e; --good: #2b7a3f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181d; --ink: #e4e6ea; --faint: #9aa2af; --line: #2d3139; --card: #1e2127;
    --forward: #7db2ff; --gradient: #ff8f85; --good: #79c98c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
h1 { overflow-wrap: anywhere; font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.01em; }
h2 {
  font-size: 1.2rem; margin: 2.6rem 0 .9rem; padding-bottom: .35rem;
  border-bottom: 1px solid var(--line);
}
nav { display: flex; flex-wrap: wrap; gap: .3rem .5rem; align-items: center; font-size: .9rem; }
nav a {
  color: inherit; text-decoration: none; padding: .1rem .6rem; border: 1px solid var(--line);
  border-radius: 1rem; background: var(--card);
}
nav a:hover { border-color: var(--faint); }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Libertinus Math",
  "DejaVu Math TeX Gyre", math, serif; padding: .2em 0; }
mtd { padding: .22em .4em; }
mtable.left mtd { text-align: left; }
table { border-collapse: collapse; margin: .2rem 0; }
td { padding: .16rem 0; vertical-align: baseline; line-height: 1.7; }
td.left { text-align: right; white-space: nowrap; }
td.sign { padding: .16rem .55rem; color: var(--faint); text-align: center; }
td.formula { padding-left: 1.6rem; text-indent: -1.6rem; line-height: 1.7; }
td.formula > * { text-indent: 0; }
td.value { padding-left: 1.8rem; white-space: nowrap; color: var(--forward); }
.gradient td.value { color: var(--gradient); }
td.note { padding-left: 1.8rem; white-space: nowrap; color: var(--faint); font-size: .85rem; }
details, .detail {
  margin: .7rem 0; padding: .5rem 1rem; background: var(--card); border-radius: .5rem;
}
summary { cursor: pointer; color: var(--faint); font-size: .92rem; }
.scroll + .scroll { margin-top: 1.6rem; }
.lead { margin: .6rem 0 0; color: var(--faint); font-size: .92rem; }
.remark { margin: .5rem 0; color: var(--faint); font-size: .92rem; }
.verified { color: var(--good); }
/* A picture may be wider than the text, up to the window. */
figure { margin: 1.8rem min(0px, 50% - min(50vw, 44rem) + 1.5rem) 0; overflow-x: auto; }
figure svg { display: block; margin: 0 auto; }
figure svg .graph > polygon { fill: none; }
.charts { display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
svg.chart { width: 100%; height: auto; background: var(--card); border-radius: .5rem; }
.chart text { font-size: 11px; fill: var(--faint); }
.chart text.title { font-size: 13px; font-weight: 600; fill: var(--ink); }
.chart .grid { stroke: var(--line); } .chart .axis { stroke: var(--faint); }
.chart .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.curve-0 { stroke: var(--forward); } circle.curve-0 { fill: var(--forward); }
.curve-1 { stroke: var(--gradient); } circle.curve-1 { fill: var(--gradient); }
.chart .hover { fill: var(--ink); opacity: 0; } .chart .hover:hover { opacity: .08; }
.facts th, .facts td { padding: .2rem 1.4rem .2rem 0; text-align: left; vertical-align: top; line-height: 1.5; }
.facts th { font-weight: 500; color: var(--faint); }
.facts td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.metrics th, .metrics td { padding: .2rem 1.4rem .2rem 0; text-align: left; white-space: nowrap; }
.metrics th { font-weight: 500; color: var(--faint); }
.metrics td { font-variant-numeric: tabular-nums; }
.metrics thead th, .confusion th { font-size: .85rem; }
.confusion th, .confusion td { padding: .3rem .7rem; text-align: right; font-variant-numeric: tabular-nums; }
.confusion th { font-weight: 500; color: var(--faint); white-space: nowrap; }
.confusion td { background: color-mix(in srgb, var(--forward) calc(var(--share) * 70%), var(--card)); border: 1px solid var(--paper); }
pre { background: var(--card); border-radius: .5rem; padding: .9rem 1.1rem; overflow-x: auto; font-size: .88rem; }
/* On a page of a training the derivation is one section of several: its own headings are lower ones. */
#derivation ~ section h2 { font-size: 1.05rem; margin-top: 1.8rem; border-bottom: 0; padding-bottom: 0; }
footer { margin-top: 4rem; color: var(--faint); font-size: .85rem; }
@media (prefers-color-scheme: dark) {
  figure svg { filter: invert(.9) hue-rotate(180deg); }
}
@media (max-width: 44rem) {
  main { padding: 1.2rem .8rem 3rem; }
  .scroll { overflow-x: auto; }
  td.value, td.note { padding-left: .9rem; }
  .confusion th, .confusion td { padding: .2rem .28rem; font-size: .78rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --card: #fff; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  figure svg { max-width: 100%; height: auto; }
  tr, h2 { break-inside: avoid; }
  h2 { break-after: avoid; }
  details, .detail { border-left: 2px solid var(--line); border-radius: 0; }
}
)";

}  // namespace chainrule
