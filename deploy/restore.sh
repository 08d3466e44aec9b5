#!/bin/sh
# Restores what backup.sh dumped into an empty database, and makes it fit to run on. See docs/backup.md.
#   SONDE_DATABASE_URL=jdbc:postgresql://host:5432/sonde SONDE_DATABASE_USER=… SONDE_DATABASE_PASSWORD=… \
#     deploy/restore.sh FILE [CONFIG]
# CONFIG (conf/sonde.conf) names the same database. SONDE is the program, target/sonde/bin/sonde if not set.
set -eu

file=${1:?"usage: restore.sh FILE [CONFIG]"}
root=$(cd "$(dirname "$0")/.." && pwd)
config=${2:-$root/conf/sonde.conf}
sonde=${SONDE:-$root/target/sonde/bin/sonde}
url=${SONDE_DATABASE_URL:?"is the database's, like jdbc:postgresql://127.0.0.1:5432/sonde"}
for tool in pg_restore psql "$sonde"; do
  command -v "$tool" >/dev/null || { echo "restore: there is no $tool" >&2; exit 1; }
done

url=${url%%\?*}
database=${url#jdbc:}
export PGUSER="${SONDE_DATABASE_USER:-sonde}" PGPASSWORD="${SONDE_DATABASE_PASSWORD:-}"
tables=$(psql --no-psqlrc --tuples-only --no-align --dbname="$database" \
  --command="SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
[ "$tables" -eq 0 ] || { echo "restore: the database at $url is not empty" >&2; exit 1; }

# All of it or nothing.
pg_restore --single-transaction --exit-on-error --no-owner --no-privileges --dbname="$database" "$file"
# The dump may be of an older sonde …
"$sonde" migrate --config "$config"
# … and the journal is in the order of another cluster's transactions.
"$sonde" rebuild --config "$config" --yes
"$sonde" verify --config "$config"
