/** What each way to serve lets you control, by what `deploy/` and `docs/bench/peers` do. */
import { nodeMajor } from '../../deploy/settings.mjs';

export const choices = `| | function | service | FastAPI server |
|---|---|---|---|
| started by | the buildpack's command, \`functions-framework\`, on \`dist/index.cjs\` | the image's own: \`node dist/server.js\` | your command, here \`uvicorn\` |
| model loads | at the start; the startup probe waits until the golden samples are reproduced (with \`--api=functions\`, the first request waits) | at the start; the startup probe waits until the golden samples are reproduced | on import, before the port opens; its predictions are not checked |
| state | only in the process: drift counts and metrics, lost with the instance | the same | none |
| end of an instance | refuses new requests, answers those in progress, exits within 9 s | the same | uvicorn closes connections with unread requests, which a blocking handler leaves |
| Node.js or Python | ${nodeMajor}.x, from Google's base image | exact version, by the digest in \`deploy/Dockerfile\` | yours to pin |
| system libraries, user | Google's | the image's; an unprivileged user, who cannot change the files | yours |
| CPU, memory, concurrency, instances | options of the deploy | options of the deploy | the same, once in a container |
| probes | startup and liveness; none with \`--api=functions\` | startup and liveness; also readiness with \`deploy/service.yaml\` | yours to write |
| traffic to a new revision | gradual, by tag; all at once with \`--api=functions\` | gradual, by tag | gradual, by tag |
| runs elsewhere | wherever functions-framework runs | Knative, KServe, Vertex AI, any container host | any container host |
| repeating a build | packages as in \`package-lock.json\`; the base image may be newer | packages as in \`package-lock.json\`, base image by digest | packages by hashed pins, if you write them |
| repeating the training | the same bytes, checked by \`npm run train -- --check\` | the same | a pickle, tied to the versions that trained it |
| another runtime version than in training | refused; the message says what to install | the same | scikit-learn warns and predicts |
| a row that lacks a feature | 422, with the row and what was expected | the same | 500, unless you check it |`;
