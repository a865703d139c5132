/** Why a model is not served, in one sentence for those who look after it. */
export class ModelRefusal extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ModelRefusal';
    // The log has the stack of what fails; where in the sources a model was refused says nothing about the model.
    this.stack = message;
  }
}
