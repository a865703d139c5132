/** The page's place for a file of rows, and for the table of their predictions. */
import { type Html, html } from './html';

export function createBatch(): Html {
  return html`<section class="panel" id="batch-part" aria-labelledby="batch-title">
<h2 id="batch-title">Many rows</h2>
<div class="drop" id="batch-drop">
<label for="batch-file">Drop a CSV file here, or choose one. Its first line names the columns; those that are no features are kept, and not sent.</label>
<input id="batch-file" type="file" accept=".csv,text/csv">
</div>
<div id="batch-problem" class="problem" role="alert" hidden></div>
<p id="batch-sum" role="status"></p>
<div id="batch" class="scroll" tabindex="0" role="region" aria-label="Predictions of the file" hidden></div>
<button type="button" id="download" hidden>Download as CSV</button>
</section>`;
}
