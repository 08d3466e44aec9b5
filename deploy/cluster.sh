#!/bin/sh
# The shape of docker-compose.yml as plain processes: NATS, PostgreSQL, migrate, two nodes, a target and a probe.
# Ctrl-C ends all of them. Everything lies in data/cluster (or SONDE_CLUSTER_DIR); read "env" there before a command of
# sonde, or it asks the servers that conf/node1.conf names: . data/cluster/env; sonde verify --config conf/node1.conf
#   SONDE_DATABASE_URL (with _USER, _PASSWORD)  use that PostgreSQL instead of starting one
#   SONDE_NATS_URL                              use that NATS instead of starting one
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
sonde=$root/target/sonde/bin/sonde
probe=$root/target/sonde-probe/bin/sonde-probe
PATH=$PATH:/usr/sbin
for tool in "$sonde" "$probe"; do
  [ -x "$tool" ] || { echo "cluster: there is no $tool; run: make build" >&2; exit 1; }
done

dir=${SONDE_CLUSTER_DIR:-$root/data/cluster}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
pids=
base=

stop() {
  trap '' INT TERM
  # First what works, all of it at once; then what it stands on.
  for some in "$pids" "$base"; do
    for pid in $some; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in $some; do wait "$pid" 2>/dev/null || true; done
  done
}
trap 'stop; exit 130' INT TERM
trap stop EXIT

run() { # name, command…: in the background, its output in $dir/name.log
  name=$1
  shift
  # Emptied here: the process in the background may come to it only after a former run's "ready" was read.
  : >"$dir/$name.log"
  # setsid, so that Ctrl-C ends the parts in our order and not all at once
  setsid "$@" >"$dir/$name.log" 2>&1 &
  last=$!
  pids="$last $pids"
}

await() { # what, seconds, command…: until the command succeeds or the last started process has ended
  what=$1
  left=$(($2 * 5))
  shift 2
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" -le 0 ] || ! kill -0 "$last" 2>/dev/null; then
      echo "cluster: $what does not start; see $dir/*.log" >&2
      tail -n 5 "$dir/$what.log" >&2 2>/dev/null || true
      exit 1
    fi
    sleep 0.2
  done
}

says() { grep -q "$2" "$dir/$1.log"; }

if [ -z "${SONDE_NATS_URL:-}" ]; then
  command -v nats-server >/dev/null || { echo "cluster: there is no nats-server; apt-get install nats-server" >&2; exit 1; }
  {
    echo 'listen: "127.0.0.1:14222"'
    echo 'http: "127.0.0.1:18222"'
    echo 'max_payload: 2MB'
    printf 'jetstream {\n  store_dir: "%s"\n' "$dir/nats"
    # 2.9 does not know it, and with an unknown key it would not start.
    case $(nats-server --version) in
      *v2.[0-9].*) echo "cluster: this nats-server is older than 2.10 and syncs every two minutes only" >&2 ;;
      *) echo '  sync_interval: always' ;;
    esac
    echo '}'
  } >"$dir/nats.conf"
  run nats nats-server -c "$dir/nats.conf"
  await nats 20 says nats 'Server is ready'
  SONDE_NATS_URL=nats://127.0.0.1:14222
  SONDE_NATS_MONITOR_URL=http://127.0.0.1:18222
  export SONDE_NATS_MONITOR_URL
fi

if [ -z "${SONDE_DATABASE_URL:-}" ]; then
  run postgres "$sonde" postgres --data "$dir"
  await postgres 60 says postgres '^ready '
  SONDE_DATABASE_URL=$(sed -n 's/^ready \([^ ]*\).*/\1/p' "$dir/postgres.log")
  SONDE_DATABASE_USER=sonde
  SONDE_DATABASE_PASSWORD=$(cat "$dir/postgres/password")
fi
export SONDE_NATS_URL SONDE_DATABASE_URL SONDE_DATABASE_USER SONDE_DATABASE_PASSWORD
(umask 077 && rm -f "$dir/env" && export -p | grep '^export SONDE_\(NATS\|DATABASE\)_' >"$dir/env")

base=$pids
pids=
"$sonde" migrate --config "$root/conf/node1.conf" >&2
for n in 1 2; do
  run "node$n" "$sonde" node --config "$root/conf/node$n.conf"
done
for n in 1 2; do
  await "node$n" 90 says "node$n" '^ready '
done

if [ ! -s "$dir/token" ]; then
  (umask 077 && "$sonde" token create --config "$root/conf/node1.conf" --scope admin --note cluster.sh >"$dir/token")
fi
run target "$sonde" target --data "$dir"
await target 20 says target '^ready '
run probe "$probe" run --ingest-url http://127.0.0.1:8081 --token-file "$dir/token" --home "$dir/probe" \
  --client-id cluster-1 --interval 5s \
  --target http://127.0.0.1:8080/health --target "http://127.0.0.1:8080/slow?ms=40"

echo "ready http://127.0.0.1:8081 http://127.0.0.1:8082 token=$(cat "$dir/token")"
echo "another terminal:  . $dir/env; target/sonde/bin/sonde verify --config conf/node1.conf" >&2
echo "logs: $dir/*.log; Ctrl-C stops everything" >&2
while kill -0 "$last" 2>/dev/null; do
  sleep 1 &
  wait $! || true
done
echo "cluster: the probe has ended; see $dir/probe.log" >&2
exit 1
