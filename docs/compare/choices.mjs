/** What each way to serve lets you control, by what `deploy/` and `docs/bench/peers` do. */
import { nodeMajor } from '../../deploy/settings.mjs';

export const choices = `| | function | service | FastAPI server |
|---|---|---|---|
| started by | the buildpack's command, \`functions-framework\`, on \`dist/index.cjs\` | the image's own: \`node dist/server.js\` | your command, here \`uvicorn\` |
| model loads | at the start; the startup probe waits until it has repeated its golden samples (with \`--api=functions\` the first request waits) | at the start; the startup probe waits until it has repeated its golden samples | on import, before the port opens; nothing checks what it predicts |
| state | none beyond the process; counts for drift and metrics end with the instance | the same | none |
| end of an instance | refuses new requests, answers those in work, exits within 9 s | the same | uvicorn closes connections whose request it has not read; a handler that blocks leaves such |
| Node.js or Python | major ${nodeMajor}, of Google's base image | exact version, by the digest in \`deploy/Dockerfile\` | yours to pin |
| system libraries, user | Google's | the image's; not root, files that it cannot change | yours |
| CPU, memory, concurrency, instances | all, by options of the deploy | all, by options of the deploy | the same, once in a container |
| probes | startup and liveness; none with \`--api=functions\` | startup and liveness; readiness, too, with \`deploy/service.yaml\` | yours to write |
| traffic to a new revision | step by step, by tag; at once with \`--api=functions\` | step by step, by tag | step by step, by tag |
| runs elsewhere | wherever functions-framework does | Knative, KServe, Vertex AI, any container host | any container host |
| a build again | packages by \`package-lock.json\`; the base image may be newer | packages by \`package-lock.json\`, the base by its digest | packages by hashed pins, where you write them |
| the model again | \`npm run train -- --check\`: the same bytes | the same | a pickle of the versions that trained it |
| other versions at serving than in training | refused, with the way to retrain | the same | scikit-learn warns and predicts |
| a row that does not fit | a problem that says where and what was expected | the same | an internal error, unless you check it |`;
