# What the examples of symmetry detection share.
#
#   Examples/NAME/run [--quick] [FOLDER]
#
# GAUGE names the tool, THREADS its threads. Reports stay in FOLDER, by default reports/NAME; configurations are removed.
set -eu
name=$(basename "$(cd "$(dirname "$0")" && pwd)")
gauge=${GAUGE:-$(cd "$(dirname "$0")/../.." && pwd)/.build/release/gauge}
quick=
if [ "${1:-}" = --quick ]; then quick=yes; shift; fi
folder=${1:-reports/$name}
mkdir -p "$folder"
trap 'rm -rf "$folder"/*-chain "$folder"/log.txt' EXIT

# choose FULL QUICK: the first, or with --quick the second.
choose() { if [ -z "$quick" ]; then echo "$1"; else echo "$2"; fi; }

# tool VERB...: runs the tool; what it says on the way is shown only where it fails.
tool() {
  "$gauge" "$@" ${THREADS:+--threads "$THREADS"} 2> "$folder/log.txt" || {
    status=$?
    cat "$folder/log.txt" >&2
    return "$status"
  }
}

# sample CHAIN OPTIONS...
sample() {
  chain=$folder/$1-chain
  echo "== gauge sample $*"
  shift
  rm -rf "$chain"
  tool sample "$@" --out "$chain" > /dev/null
}

# detect CHAIN OPTIONS...: the report as text, and as a page CHAIN.html that holds its JSON too.
detect() {
  page=$folder/$1
  echo "== gauge detect $*"
  shift
  status=0
  tool detect "$page-chain"/configuration-* "$@" --report "$page.html" > "$page.txt" || status=$?
  cat "$page.txt"
  return "$status"
}

# infer CHAIN OPTIONS...: the couplings.
infer() {
  echo "== gauge infer $*"
  chain=$folder/$1-chain
  shift
  tool infer "$chain"/configuration-* "$@"
}
