#!/usr/bin/env bash
# Prepares a Google Cloud project for deploys; what already exists is left as it is.
#
#   npm run deploy -- setup --project=ID [--dry-run]
#   npm run deploy -- setup --project=ID --repository=OWNER/NAME --service=NAME [--region=REGION] [--dry-run]
#
# The first form creates the service accounts of every deploy. The second also lets one repository's workflow deploy
# an existing service, without keys and only from the environment `production`. --dry-run only prints the commands.
set -euo pipefail

readonly runtime=onnx-predict-runtime build=onnx-predict-build job=onnx-predict-job deployer=onnx-predict-deployer
readonly pool=onnx-predict provider=github environment=production
project='' repository='' service='' region=europe-west1 is_dry=no

main() {
  read_options "$@"
  prepare_deploys
  if [[ -n $repository ]]; then prepare_delivery; fi
}

read_options() {
  local option
  for option in "$@"; do
    case $option in
      --project=*) project=${option#*=} ;;
      --repository=*) repository=${option#*=} ;;
      --service=*) service=${option#*=} ;;
      --region=*) region=${option#*=} ;;
      --dry-run) is_dry=yes ;;
      *) refuse "Unknown option '$option': expected --project=ID, --repository=OWNER/NAME, --service=NAME, --region=REGION or --dry-run." ;;
    esac
  done
  [[ $project =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || refuse "--project is '$project': expected a project ID."
  [[ -z $repository || $repository =~ ^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$ ]] ||
    refuse "--repository is '$repository': expected OWNER/NAME."
  [[ -z $repository || $service =~ ^[a-z][a-z0-9-]*$ ]] || refuse "--service is '$service': expected a service name."
  [[ $region =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || refuse "--region is '$region': expected a region such as europe-west1."
}

refuse() {
  echo "$1" >&2
  exit 2
}

prepare_deploys() {
  run gcloud services enable run.googleapis.com cloudbuild.googleapis.com cloudfunctions.googleapis.com \
    artifactregistry.googleapis.com iam.googleapis.com "--project=$project"
  # The runtime account gets no roles, because serving a model needs none.
  create_account "$runtime" 'Serves predictions, without roles'
  create_account "$build" 'Builds what is deployed'
  # It gets its role on the bucket of a job, when that is deployed.
  create_account "$job" 'Answers tables in a bucket'
  grant_in_project "$(email "$build")" roles/run.builder
}

prepare_delivery() {
  local number account
  run gcloud services enable iamcredentials.googleapis.com sts.googleapis.com "--project=$project"
  create_account "$deployer" 'Deploys from the workflow'
  account=$(email "$deployer")
  grant_in_project "$account" roles/run.sourceDeveloper
  grant_in_project "$account" roles/serviceusage.serviceUsageConsumer
  grant_on_account "$runtime" "serviceAccount:$account" roles/iam.serviceAccountUser
  grant_on_account "$build" "serviceAccount:$account" roles/iam.serviceAccountUser
  # The smoke test calls the service as this account.
  run gcloud run services add-iam-policy-binding "$service" "--project=$project" "--region=$region" \
    "--member=serviceAccount:$account" --role=roles/run.invoker

  create_pool
  number=$(project_number)
  grant_on_account "$deployer" \
    "principal://iam.googleapis.com/projects/$number/locations/global/workloadIdentityPools/$pool/subject/repo:$repository:environment:$environment" \
    roles/iam.workloadIdentityUser
  print_variables "$number" "$account"
}

create_pool() {
  local location=("--project=$project" --location=global)
  exists gcloud iam workload-identity-pools describe "$pool" "${location[@]}" ||
    run gcloud iam workload-identity-pools create "$pool" "${location[@]}" --display-name=GitHub
  exists gcloud iam workload-identity-pools providers describe "$provider" "--workload-identity-pool=$pool" "${location[@]}" ||
    run gcloud iam workload-identity-pools providers create-oidc "$provider" "--workload-identity-pool=$pool" \
      "${location[@]}" --issuer-uri=https://token.actions.githubusercontent.com \
      --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository \
      "--attribute-condition=assertion.repository == '$repository'"
}

create_account() {
  exists gcloud iam service-accounts describe "$(email "$1")" "--project=$project" ||
    run gcloud iam service-accounts create "$1" "--project=$project" "--display-name=$2"
}

grant_in_project() {
  run gcloud projects add-iam-policy-binding "$project" "--member=serviceAccount:$1" "--role=$2" --condition=None
}

# grant_on_account ACCOUNT MEMBER ROLE
grant_on_account() {
  run gcloud iam service-accounts add-iam-policy-binding "$(email "$1")" "--project=$project" \
    "--member=$2" "--role=$3"
}

email() {
  echo "$1@$project.iam.gserviceaccount.com"
}

project_number() {
  if [[ $is_dry = yes ]]; then echo PROJECT_NUMBER; else gcloud projects describe "$project" '--format=value(projectNumber)'; fi
}

# A dry run queries nothing, so it prints every command.
exists() {
  [[ $is_dry = no ]] && "$@" >/dev/null 2>&1
}

run() {
  printf '%q ' "$@"
  echo
  if [[ $is_dry = no ]]; then "$@" >/dev/null; fi
}

print_variables() {
  printf '\nSet these variables in the environment %s of the repository:\n' "$environment"
  printf '  %s=%s\n' GCP_PROJECT "$project" GCP_REGION "$region" GCP_SERVICE "$service" GCP_DEPLOYER "$2" \
    GCP_IDENTITY_PROVIDER "projects/$1/locations/global/workloadIdentityPools/$pool/providers/$provider"
}

main "$@"
