/** The record of a comparison to the files that show it: the document, and each chart for light and for dark pages. */
import { spaced } from '../bench/report.mjs';
import { drawCostChart } from './charts/cost-chart.mjs';
import { drawLineChart } from './charts/line-chart.mjs';
import { drawStartsChart } from './charts/starts-chart.mjs';
import { isModelServer } from './compared.mjs';
import { drawDocument } from './document.mjs';

/** @returns {[name: string, text: string][]} */
export function draw(record) {
  // The charts tell what the sentences do; the tables have all.
  const charted = { ...record, contenders: record.contenders.filter((each) => !isModelServer(each)) };
  const pictures = Object.entries(charts).flatMap(([name, chart]) => [
    [`comparison-${name}.svg`, chart('light', charted)],
    [`comparison-${name}-dark.svg`, chart('dark', charted)],
  ]);
  return [['comparison.md', drawDocument(record)], ...pictures];
}

const charts = {
  starts: drawStartsChart,
  latency: (theme, { contenders }) => {
    const steps = Object.keys(contenders[0].lightLatency);
    return drawLineChart(theme, {
      title: 'Latency of one request at a time',
      unit: 'Latency of one request at a time, ms',
      foot: 'percentile',
      steps,
      format: String,
      series: contenders.map(({ id, lightLatency }) => ({
        id,
        values: steps.map((step) => lightLatency[step] * 1_000),
      })),
    });
  },
  connections: (theme, { contenders, plan }) =>
    drawLineChart(theme, {
      title: 'Requests per second on one core',
      unit: 'Requests per second, on one core',
      foot: 'connections',
      steps: plan.connectionCounts.map(String),
      format: spaced,
      series: contenders.map(({ id, crowds }) => ({ id, values: crowds.map(({ perSecond }) => perSecond) })),
    }),
  cost: drawCostChart,
};
