#!/usr/bin/env bash
# Builds the steerable test job with Maven, when its sources are newer than its jar.
set -euo pipefail
cd "$(dirname "$0")/../tests/jobs"
../../hack/java.sh
for project in */pom.xml; do
  folder=$(dirname "$project")
  if find "$folder/target" -maxdepth 1 -name '*.jar' -newer "$project" 2>/dev/null | grep -q . &&
    ! find "$folder/src" -newer "$folder/target" -type f | grep -q .; then
    echo "$folder: up to date"
    continue
  fi
  mvn --batch-mode --quiet --file "$project" package
  echo "$folder: built"
done
