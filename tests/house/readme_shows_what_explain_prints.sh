#!/bin/sh
# The worked derivation in README.md is what the program prints: every line of it, but for the last
# digits of the stamp, which depend on the machine's mathematical library.
set -eu
cd "$(dirname "$0")/../.."
program=${CHAINRULE_PROGRAM:-build/chainrule}

printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
"$program" explain examples/worksheet.nn --define 'g1 = sigmoid' --define 'g2 = sigmoid' \
    --define 'Loss(a, t) = 1/2*(a - t)^2' \
    --at x=0.5 --at y=1 --at w1=0.8 --at w2=-0.4 --rate 0.1 >"$printed"

shown=$(sed -n '/worksheet output: begin/,/worksheet output: end/p' README.md |
    grep -v -e '^<!--' -e '^```' -e verified -e '^$')
[ "$(printf '%s\n' "$shown" | wc -l)" -gt 10 ] || { echo "README.md shows no output"; exit 1; }
printf '%s\n' "$shown" | while IFS= read -r line; do
    grep -qxF -e "$line" "$printed" || { echo "not printed: $line"; exit 1; }
done

# The network that README.md shows is the example's.
sed -n '/^# worksheet.nn/,/^```/p' README.md | grep -v -e '^#' -e '^```' | while IFS= read -r line; do
    grep -qxF -e "$line" examples/worksheet.nn || { echo "not in the example: $line"; exit 1; }
done
