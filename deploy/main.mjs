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

function and service deploy this directory and print the commands they run; --dry-run only prints them.
  Options: --project --region --name --api=run|functions --image --memory --cpu --concurrency --min-instances
  --max-instances --timeout --allow-unauthenticated --tag --no-traffic --http2
job deploys a job that predicts for the table IN in a bucket and writes OUT; gcloud run jobs execute starts it.
  Options: --project --region --name --image --memory --cpu --timeout
setup creates the accounts and roles that deploys need; with --repository and --service, also those of the GitHub workflow.
captures keeps what CAPTURE writes to the log for --days, and creates BigQuery views of it and of feedback; --sql prints the views.
alerts creates or updates the alert policies of deploy/alerts in Cloud Monitoring; --channels names the notification channels.
  --prometheus prints the same alerts as a rules file for Prometheus.
smoke-test sends the golden samples to a deployment and compares the answers; set ID_TOKEN to an identity token for a private one.
stack maps the lines of a stack trace in a log back to src/; build first.
examples runs the golden samples through the examples for other engines, all or those named.`;

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
