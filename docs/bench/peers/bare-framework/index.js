/** What people deploy: a handler on functions-framework with one model run per request. */
const { http } = require('@google-cloud/functions-framework');
const { predict } = require('../predict.cjs');

http('predict', async (request, response) => {
  response.json({ predictions: await predict(request.body.instances) });
});
