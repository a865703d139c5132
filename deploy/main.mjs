/** `npm run deploy -- function|service|job|setup|captures|alerts|smoke-test|stack|examples`: everything about a deploy. */
import { fileURLToPath } from 'node:url';
import { runSubcommand } from './subcommands.mjs';

const usage = `usage: npm run deploy -- function|service [--dry-run] [OPTION…]
       npm run deploy -- job IN OUT --bucket=NAME [--dry-run] [OPTION…]
       npm run deploy -- setup --project=ID [--repository=OWNER/NAME --service=NAME] [--region=REGION] [--dry-run]
       npm run deploy -- captures --project=ID [--region=REGION] [--dataset=NAME] [--days=N] [--dry-run | --sql]
       npm run deploy -- alerts [--project=ID] [--channels=CHANNEL,…] [--dry-run] | --prometheus
       npm run deploy -- smoke-test URL
       npm run deploy -- stack < STACK
       npm run deploy -- examples [--measure] [beam] [spark] [bigquery-ml]

function and service print the commands that deploy this directory and run them; --dry-run only prints them.
  Options: --project --region --name --api=run|functions --image --memory --cpu --concurrency --min-instances
  --max-instances --timeout --allow-unauthenticated --tag --no-traffic --http2
job deploys a job that answers the table IN of a bucket in OUT; gcloud run jobs execute starts it.
  Options: --project --region --name --image --memory --cpu --timeout
setup makes the accounts and roles of every deploy; with --repository and --service, also those of its workflow.
captures keeps what CAPTURE writes into the log for --days, and makes views of it and of feedback in BigQuery; --sql prints them.
alerts creates the alert policies of deploy/alerts in Cloud Monitoring, or updates those that are there; --channels names who is told.
  --prometheus prints the same as a file of rules for Prometheus.
smoke-test asks a deployment for the golden samples; ID_TOKEN holds the caller's identity token where one is needed.
stack turns the places of bundles in a stack from a log into those of the sources; build first.
examples runs the examples of other engines over the golden samples, all of them unless some are named.`;

/** @param {string} name */
const at = (name) => fileURLToPath(new URL(name, import.meta.url));

const programs = {
  function: [process.execPath, at('deploy.mjs'), 'function'],
  service: [process.execPath, at('deploy.mjs'), 'service'],
  job: [process.execPath, at('deploy.mjs'), 'job'],
  setup: ['bash', at('setup.sh')],
  captures: [process.execPath, at('captures.mjs')],
  alerts: [process.execPath, at('alerts.mjs')],
  'smoke-test': [process.execPath, at('smoke-test.mjs')],
  stack: [process.execPath, at('../dist/commands/build/resolve-stack.js')],
  examples: ['bash', at('examples/check.sh')],
};

await runSubcommand(usage, programs, process.argv.slice(2));
