/** Why a model is not served, in one sentence for its operators. */
export class ModelRefusal extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ModelRefusal';
    // The log prints stacks; where in our code a model was refused says nothing about the model.
    this.stack = message;
  }
}
