#!/bin/sh
# The check of the includes accepts the tree, and refuses each way of leaving the road.
set -eu
check=$(cd "$(dirname "$0")/../.." && pwd)/scripts/check_includes
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

"$check"

mkdir -p "$tree/src/lang" "$tree/src/ir" "$tree/src/stray"
printf '# Road\n\n## lang\n\n## ir\n' >"$tree/src/README.md"
: >"$tree/src/lang/ast.h"

# expect(accept|refuse, folder, line): what the check says of a file with that line.
expect() {
    printf '#pragma once\n%s\n' "$3" >"$tree/src/$2/probe.h"
    verdict=accept
    "$check" "$tree" >"$tree/output" || verdict=refuse
    rm "$tree/src/$2/probe.h"
    if [ "$verdict" != "$1" ]; then
        echo "expected to $1 in src/$2: $3"
        cat "$tree/output"
        exit 1
    fi
}
expect accept ir '#include "lang/ast.h"'
expect accept ir '#include <vector>'
expect refuse lang '#include "ir/graph.h"'
expect refuse lang '  #  include "ir/graph.h"'
expect refuse ir '#include "graph.h"'
expect refuse ir '#include "../lang/ast.h"'
expect refuse ir '#include "nowhere/ast.h"'
expect refuse stray '#include <vector>'
