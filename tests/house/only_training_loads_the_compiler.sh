#!/bin/sh
# Commands that compile nothing load neither LLVM nor oneDNN; training does.
set -eu
cd "$(dirname "$0")/../.."

loaded() { LD_DEBUG=files "$CHAINRULE_PROGRAM" "$@" 2>&1 >/dev/null | grep -c 'LLVM\|dnnl' || true; }

[ "$(loaded explain examples/worksheet.nn)" -eq 0 ] || { echo "explain loads the compiler"; exit 1; }
[ "$(loaded --help)" -eq 0 ] || { echo "--help loads the compiler"; exit 1; }
printf '1,2\n2,4\n' >"${TMPDIR:-/tmp}/chainrule_two_rows.$$.csv"
trap 'rm -f "${TMPDIR:-/tmp}/chainrule_two_rows.$$.csv"' EXIT
[ "$(loaded train examples/worksheet_given.nn --batch 1 --data "${TMPDIR:-/tmp}/chainrule_two_rows.$$.csv")" -gt 0 ] ||
    { echo "training does not load the compiler: this test would see nothing"; exit 1; }
