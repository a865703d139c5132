#!/usr/bin/env bash
# What .github/workflows/release.yml makes of a tag: `release.sh notes TAG`, `release.sh pack TAG DIRECTORY` and
# `release.sh image TAG DIRECTORY`. The tag, package.json and docs/changelog.md must name the same version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
  [[ $# -ge 2 ]] || fail "expected notes TAG, pack TAG DIRECTORY or image TAG DIRECTORY, got \"$*\""
  local step=$1 tag=$2 directory=${3:-}
  version=${tag#v}
  name=$(member name)
  check_version
  [[ $step == notes || -n $directory ]] || fail "expected a directory behind $step $tag, got none"
  if [[ -n $directory ]]; then mkdir -p "$directory"; fi
  case $step in
    notes) notes ;;
    pack) pack "$directory" ;;
    image) push_image "$directory" ;;
    *) fail "expected notes, pack or image, got \"$step\"" ;;
  esac
}

check_version() {
  local packaged
  packaged=$(member version)
  [[ $packaged == "$version" ]] || fail "expected the tag v$packaged, the version of package.json, got \"v$version\""
  [[ -n $(notes) ]] || fail "expected a section \"## $version\" in docs/changelog.md, found none"
}

member() {
  node -p 'require("./package.json")[process.argv[1]]' "$1"
}

# The section of the version in the changelog.
notes() {
  awk -v title="## $version" '/^## / { within = ($0 == title); next } within' docs/changelog.md
}

# The files of the commit, always as the same bytes, and the tarball that makes projects of one's own.
pack() {
  git archive --format=tar --prefix="$name-$version/" HEAD | gzip --no-name -9 >"$1/$name-$version.tar.gz"
  node deploy/create/main.mjs pack "$1" >&2
}

# Prints the name and the digest of the image for the steps that follow.
push_image() {
  local image container
  image=ghcr.io/${GITHUB_REPOSITORY,,}
  docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin <<<"$GITHUB_TOKEN" >&2
  docker build --file deploy/Dockerfile --label "org.opencontainers.image.source=https://github.com/$GITHUB_REPOSITORY" \
    --label "org.opencontainers.image.version=$version" --tag "$image:$version" . >&2
  container=$(docker create "$image:$version")
  docker cp "$container:/app/dist/sbom.cdx.json" "$1/" >&2
  docker cp "$container:/app/dist/THIRD-PARTY-NOTICES.txt" "$1/" >&2
  docker rm "$container" >&2
  docker push "$image:$version" >&2
  echo "name=$image"
  echo "digest=$(docker inspect --format '{{index .RepoDigests 0}}' "$image:$version" | cut -d@ -f2)"
}

fail() {
  echo "release: $1" >&2
  exit 1
}

main "$@"
