#!/usr/bin/env bash
# Writes what a pull request does to the mesh as one comment, beside its lines, and into mesh-diff/; ends as `mesh diff`
# does: 0 nothing changes, 1 something does, below the gate; 2 it could not be compared; 3 at or above the gate; 4 not
# all is known. 1 does not fail the job.
#
# BASE        what is compared with, such as origin/main
# NUMBER      the pull request
# REPOSITORY  owner/name
# FAIL_ON     from which risk on the job fails
# WORKSPACE   the folder with mesh.kdl; unsaid, this one
set -uo pipefail
workspace=${WORKSPACE:-.}
readonly folder=mesh-diff marker=${REPOSITORY}:${workspace}

mesh diff -C "$workspace" --from "git:$BASE" --marker "$marker" --forge github --fail-on "$FAIL_ON" \
    --format github --artifact-dir "$folder"
code=$?
[ "$code" -eq 2 ] && exit 2
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    cat "$folder/comment.md" >>"$GITHUB_STEP_SUMMARY"
fi

# The comment of an earlier push is found by its first line, and only among our own: whoever comments could write it too.
comment=$(gh api --paginate "repos/$REPOSITORY/issues/$NUMBER/comments" \
    --jq '.[] | select(.user.type == "Bot") | select(.body | startswith("<!-- mesh-diff:")) | "\(.id) \(.body | split("\n")[0])"' |
    grep -F -- "$(head -n 1 "$folder/comment.md")" | head -n 1 | cut -d ' ' -f 1)
if [ -n "$comment" ]; then
    gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$comment" --field "body=@$folder/comment.md"
else
    gh api --silent --method POST "repos/$REPOSITORY/issues/$NUMBER/comments" --field "body=@$folder/comment.md"
fi || echo "::warning::the comment could not be written: a fork may not; it stands in the summary of this run"

[ "$code" -eq 1 ] && exit 0
exit "$code"
