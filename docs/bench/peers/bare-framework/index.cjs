/** The same handler under a name that functions-framework takes for CommonJS at once. */
const { http } = require('@google-cloud/functions-framework');
const { predict } = require('../predict.cjs');

http('predict', async (request, response) => {
  response.json({ predictions: await predict(request.body.instances) });
});
