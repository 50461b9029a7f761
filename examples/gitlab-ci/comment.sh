#!/usr/bin/env bash
# Writes what a merge request does to the mesh as one note and into mesh-diff/; ends as `mesh diff` does: 0 nothing
# changes, 1 something does, below the gate; 2 it could not be compared; 3 at or above the gate; 4 not all is known.
# 1 does not fail the job.
#
# FAIL_ON             from which risk on the job fails
# MESH_COMMENT_TOKEN  may write notes; without it none is written
# WORKSPACE           the folder with mesh.kdl; unsaid, this one
set -uo pipefail
workspace=${WORKSPACE:-.}
readonly folder=mesh-diff marker=${CI_PROJECT_PATH}:${workspace}

mesh diff -C "$workspace" --from "git:origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" --marker "$marker" --forge gitlab \
    --fail-on "$FAIL_ON" --artifact-dir "$folder"
code=$?
[ "$code" -eq 2 ] && exit 2

notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
# The token goes in through a file: arguments are seen by every process.
call() { curl --silent --show-error --fail --config <(printf 'header = "PRIVATE-TOKEN: %s"\n' "$MESH_COMMENT_TOKEN") "$@"; }

if [ -n "${MESH_COMMENT_TOKEN:-}" ]; then
    # The note of an earlier push is found by its first line.
    first=$(head -n 1 "$folder/comment.md")
    note=$(call "$notes?per_page=100&sort=asc&order_by=created_at" |
        jq --raw-output --arg first "$first" '[.[] | select(.body | startswith($first))][0].id // empty')
    if [ -n "$note" ]; then
        call --request PUT --data-urlencode "body@$folder/comment.md" "$notes/$note" >"$folder/note.json"
    else
        call --request POST --data-urlencode "body@$folder/comment.md" "$notes" >"$folder/note.json"
    fi || echo "the note could not be written" >&2
fi

[ "$code" -eq 1 ] && exit 0
exit "$code"
