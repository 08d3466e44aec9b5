#!/bin/sh
# Dumps the database of a node into a file, as it is at one moment; nodes may run meanwhile. See docs/backup.md.
#   SONDE_DATABASE_URL=jdbc:postgresql://host:5432/sonde SONDE_DATABASE_USER=… SONDE_DATABASE_PASSWORD=… \
#     deploy/backup.sh FILE
# Needs pg_dump and pg_restore of the server's version or newer (Debian: postgresql-client).
set -eu
umask 077 # it holds what everybody measured, and the hashes of tokens

file=${1:?"usage: backup.sh FILE"}
url=${SONDE_DATABASE_URL:?"is the database's, like jdbc:postgresql://127.0.0.1:5432/sonde"}
[ ! -e "$file" ] || { echo "backup: $file is there already" >&2; exit 1; }
for tool in pg_dump pg_restore; do
  command -v "$tool" >/dev/null || { echo "backup: there is no $tool; install PostgreSQL's client programs" >&2; exit 1; }
done

url=${url%%\?*}
export PGUSER="${SONDE_DATABASE_USER:-sonde}" PGPASSWORD="${SONDE_DATABASE_PASSWORD:-}"
trap 'rm -f "$file.unfinished"' EXIT
pg_dump --format=custom --no-owner --no-privileges --file="$file.unfinished" --dbname="${url#jdbc:}"
# What cannot be read is no backup.
pg_restore --list "$file.unfinished" >/dev/null
mv "$file.unfinished" "$file"
echo "backed up into $file"
