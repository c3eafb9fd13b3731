#!/usr/bin/env bash
# Holds the HTTP API against its own description with schemathesis: no answer 5xx, none that the description does not allow, no
# faulty request taken, none let in without a token. Serves a copy of the example company on a free port meanwhile.
#
#   pip install -r bench/api/requirements.txt
#   bench/api/run.sh [PROGRAM [EXAMPLES]]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${1:-$root/target/release/sufficit}")
examples=${2:-100}

folder=$(mktemp -d)
server=
end() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap end EXIT

sufficit() { "$program" --workspace "$folder/workspace" --as-of 2026-11-20 "$@"; }
# The example holds faulty files: exit status 1.
sufficit --quiet ingest "$root/examples/vellmoor-coldchain" >/dev/null || [ "$?" = 1 ]
token=$(sufficit token add schemathesis --role reviewer --days 1 | grep -o '^suf_[A-Za-z0-9_-]*')
# Not by the function: that would be a shell of its own, whose end leaves the server behind.
"$program" --workspace "$folder/workspace" --as-of 2026-11-20 serve --listen 127.0.0.1:0 >"$folder/address" &
server=$!
until [ -s "$folder/address" ]; do
  kill -0 "$server"
  sleep 0.1
done
address=$(sed 's|^\(http://[^/]*\)/.*|\1|' "$folder/address")

cd "$folder"
schemathesis --config-file "$root/bench/api/schemathesis.toml" run "$address/api/v1/openapi.json" \
  --phases coverage,fuzzing,stateful --max-examples "$examples" --header "Authorization: Bearer $token" \
  --generation-database none --seed 42001
sufficit audit verify
