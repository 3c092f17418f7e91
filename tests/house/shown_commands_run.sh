#!/bin/sh
# Every command of README.md's tour and of the examples in each command's help does its work, on files of the
# names that stand there. MNIST is not here.
set -eu
cd "$(dirname "$0")/../.."
program=${CHAINRULE_PROGRAM:-$PWD/build/chainrule}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp examples/worksheet.nn examples/worksheet_given.nn "$folder"
cp examples/two_moons.nn "$folder/net.nn"
cp examples/two_moons.nn "$folder/moons.nn"
examples/make_data two_moons | awk 'NR == 1 { print "w," $0 } NR > 1 { print "1," $0 }' >"$folder/data.csv"
for name in large moons test new; do
    cp "$folder/data.csv" "$folder/$name.csv"
done

# Runs the commands on standard input, one a line.
run_all() {
    count=0
    while IFS= read -r line; do
        case $line in
            *mnist*) continue ;;
            chainrule*) ;;
            *) continue ;;
        esac
        (cd "$folder" && eval "\"$program\" ${line#chainrule}") >"$folder/out" 2>"$folder/err" </dev/null || {
            echo "fails: $line"
            cat "$folder/out" "$folder/err"
            exit 1
        }
        count=$((count + 1))
    done
    [ "$count" -ge "$1" ] || { echo "only $count commands are shown"; exit 1; }
}

printf '%s\n' 'dLoss/db2 = delta2' >"$folder/answers.txt"
sed -n '/^## A tour/,/^- /p' README.md | sed 's/  .*//' | run_all 15

"$program" check --help | sed -n '/answers.txt holds/,$s/^    //p' >"$folder/answers.txt"
commands=$("$program" --help | sed -n '/^Subcommands/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
[ "$(echo "$commands" | wc -l)" -ge 9 ] || { echo "--help names only: $commands"; exit 1; }
for command in $commands; do
    "$program" "$command" --help | sed -n '/^Example:/,/^$/s/^  //p' |
        sed -e ':join' -e '/\\$/N' -e 's/\\\n *//' -e 't join' | run_all 1
done
