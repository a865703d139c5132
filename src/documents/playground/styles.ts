/** The page's styles: one column on phones, two on wide screens, light or dark by preference, no animation. */

const levels = Array.from(
  { length: 10 },
  (_, level) => `.level-${level}{background:color-mix(in srgb,var(--accent) ${level * 5}%,transparent)}`,
);

const light = `--paper:#fbfaf8;--panel:#fff;--ink:#1d2433;--soft:#566072;--line:#dfe1e6;--accent:#2457c5;--warn:#8a4b00;--bad:#a3161f;
--c0:#2457c5;--c1:#b4560b;--c2:#1a7a4c;--c3:#8a3aa8;--c4:#0d7288;--c5:#a3265e`;

/** The colours of every page. */
export const palette = `:root{${light};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--paper:#12151c;--panel:#1a1f29;--ink:#e8eaf0;--soft:#a6afbf;--line:#333b4a;--accent:#8ab0ff;
--warn:#ffb86b;--bad:#ff9aa0;--c0:#8ab0ff;--c1:#ffab6b;--c2:#6fd6a2;--c3:#d8a1f0;--c4:#6fd0e3;--c5:#ff9ac3}}`;

export const styles = `
${palette}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
header,main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 0}
main{padding-top:1rem;padding-bottom:3rem}
:is(h1,.lead,.headline,.name,.field label,.clamped,.hint,.values th){unicode-bidi:plaintext;text-align:left}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0 .4rem;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 .8rem}
h3{font-size:.95rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0 .8rem;overflow-wrap:anywhere}
.eyebrow,.hint,.unit,.range,dt,caption{color:var(--soft);font-size:.875rem}
.eyebrow{margin:0}
.lead{max-width:44rem;margin:0 0 .6rem}
a{color:var(--accent);margin-right:1rem}
.columns{display:grid;gap:1rem;margin-bottom:1rem;align-items:start}
.results{display:grid;gap:1rem;align-content:start;min-width:0}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem;min-width:0}
.panel[hidden],[hidden]{display:none!important}
.samples{display:flex;flex-wrap:wrap;gap:.4rem;margin-bottom:1rem}
button,select,input:is([type=text],[type=search]),textarea{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.4rem;padding:.3rem .6rem;max-width:100%}
button{cursor:pointer;min-height:2rem;overflow-wrap:anywhere}
button:hover{border-color:var(--accent);color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.field[hidden]{display:none}
.field{display:grid;grid-template-columns:1fr auto;gap:.1rem .8rem;align-items:baseline;padding:.6rem 0;border-top:1px solid var(--line)}
.field label{font-weight:600;overflow-wrap:anywhere}
.field .range{text-align:right}
.field>:is(input,select,textarea,.slider,.drop){grid-column:1/-1}
.field>:is(input[type=text],select),textarea,[type=search]{width:100%;padding:.4rem .6rem}
textarea{resize:vertical;display:block}
.code{font-family:ui-monospace,monospace;font-size:.875rem}
[role=switch]{appearance:none;justify-self:start;width:2.5rem;height:1.4rem;margin:0;border:1px solid var(--soft);border-radius:1rem;background:var(--paper);position:relative;vertical-align:middle;cursor:pointer}
[role=switch]::after{content:'';position:absolute;inset:2px auto 2px 2px;aspect-ratio:1;border-radius:50%;background:var(--soft)}
[role=switch]:checked{background:var(--accent);border-color:var(--accent)}
[role=switch]:checked::after{inset:2px 2px 2px auto;background:var(--panel)}
.slider{margin-top:.4rem}
.histogram{height:1.5rem;padding:0 .5rem}
.histogram rect{fill:color-mix(in srgb,var(--accent) 35%,transparent)}
.is-missing .slider{opacity:.4}
.is-missing input[type=text]{border-style:dashed}
.finder{display:grid;grid-template-columns:minmax(0,1fr);gap:.4rem;margin-bottom:.6rem}
.share{border-top:1px solid var(--line);margin-top:.6rem;padding-top:.6rem}
.paste{margin-bottom:.6rem}
.paste button{margin-top:.4rem}
.drop{border:2px dashed var(--line);border-radius:.6rem;padding:.8rem;display:grid;grid-template-columns:minmax(0,1fr);gap:.4rem;min-width:0}
.drop.is-over{border-color:var(--accent)}
.drop canvas{max-width:100%;max-height:12rem;image-rendering:pixelated}
input[type=file]{width:100%;min-width:0;font:inherit}
::file-selector-button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.4rem;padding:.3rem .6rem;margin-right:.6rem;cursor:pointer}
.field input[type=range]{width:100%;accent-color:var(--accent);margin:0;display:block}
.field p{grid-column:1/-1;margin:0}
.warning{color:var(--warn);font-size:.9rem}
.fault{color:var(--bad);font-size:.9rem;overflow-wrap:anywhere}
.problem a{color:inherit;margin:0}
.problem{border-left:4px solid var(--bad);padding:.2rem .8rem;margin-bottom:.8rem;overflow-wrap:anywhere}
.problem:not([hidden])~.note,main:has(#problem:not([hidden])) .note,.note:empty{display:none}
.problem strong{color:var(--bad)}
.problem ul{margin:.2rem 0;padding-left:1.1rem}
main:has(#problem:not([hidden])) :is(#headline,#result,#curve,#explanation),.problem:not([hidden])~:is(svg,[role=list]){opacity:.65;filter:grayscale(1)}
[aria-invalid=true]{border-color:var(--bad)!important;box-shadow:0 0 0 1px var(--bad)}
.hero{display:contents}
.hero-head{margin-bottom:.5rem}
.hero-head h2{margin:0;color:var(--soft);font-size:.875rem;font-weight:500}
.hero-body{margin-bottom:1rem}
.hero-body:not(:has(.problem:not([hidden]),[role=list]>*,#values>*)){display:none}
.headline{font-size:clamp(1.5rem,1.1rem + 2vw,2.75rem);font-weight:650;line-height:1.15;margin:0 0 -.2em;padding-bottom:.2em;overflow-wrap:anywhere}
.headline.is-long{font-size:clamp(1.2rem,1rem + 1vw,1.6rem)}
:is(.headline,.row .name,.legend li,.clamped){display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden}
.clamped{-webkit-line-clamp:2}
.certainty{margin:0;overflow-wrap:anywhere;color:var(--soft)}
.certainty:empty,main:has(#problem:not([hidden])) .certainty{display:none}
.headline.is-old{opacity:.55}
:is(#earlier,#waiting){margin:0}
.candidate{margin:.4rem 0 0;padding-left:.6rem;border-left:3px solid var(--c0);overflow-wrap:anywhere}
.candidate.differs{border-color:var(--warn);color:var(--warn)}
#history{margin:.4rem 0;padding-left:1.6rem}
#history button{width:100%;text-align:left;margin-bottom:.25rem}
.values{border-collapse:collapse;min-width:min(100%,20rem)}
.values :is(caption,thead th){text-align:left;color:var(--soft);font-size:.875rem}
.values th{text-align:left;font-weight:500;padding:.2rem .8rem .2rem 0;vertical-align:top;overflow-wrap:anywhere}
.values td{text-align:right;padding:.2rem .6rem}
.strip{height:3rem}
.strip rect{fill:var(--accent)}
.strip rect.less{fill:var(--c1)}
#values h3{margin:.6rem 0 .2rem}
[role=list]{display:grid;grid-template-columns:fit-content(45%) 1fr auto;column-gap:.8rem}
.row{display:grid;grid-column:1/-1;grid-template-columns:subgrid;align-items:center;padding:.15rem 0}
.row .name{overflow-wrap:anywhere}
.row.chosen{font-weight:650}
.row .number{text-align:right;white-space:nowrap}
.track{position:relative;height:.8rem;background:color-mix(in srgb,var(--ink) 8%,transparent);border-radius:.2rem;overflow:hidden}
.bar{position:absolute;top:0;bottom:0;background:var(--accent)}
.bar.less{background:var(--c1)}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:.8125rem}
.heat{height:16rem;border:1px solid var(--line);margin-top:.5rem}
.heat .cell{fill:var(--accent);shape-rendering:crispEdges}
.heat .place{vector-effect:non-scaling-stroke;stroke-width:1}
.heat .under{stroke:var(--panel);stroke-width:3}
.heat .over{stroke:var(--ink)}
#curve{overflow:visible}
svg .grid{stroke:var(--line)}
svg .line{fill:none;stroke-width:2.5;stroke-linejoin:round}
svg .marker{stroke:var(--soft);stroke-width:1}
svg .dot{fill:var(--panel);stroke-width:2.5;stroke-dasharray:none}
.color-0{stroke:var(--c0)}.color-1{stroke:var(--c1)}.color-2{stroke:var(--c2)}.color-3{stroke:var(--c3)}.color-4{stroke:var(--c4)}.color-5{stroke:var(--c5)}
.line.color-1{stroke-dasharray:9 3}.line.color-2{stroke-dasharray:3 3}.line.color-3{stroke-dasharray:9 3 3 3}.line.color-4{stroke-dasharray:14 4}.line.color-5{stroke-dasharray:5 2}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:.4rem 0 0}
.legend li{position:relative;padding-left:2.25rem;overflow-wrap:anywhere}
.swatch{position:absolute;left:0;top:.55em;width:1.75rem;height:.4rem}
:is(.legend,dl)+details{margin-top:.8rem}
details{border-top:1px solid var(--line);padding:.5rem 0}
.hero details{border:0;padding:.2rem 0}
summary{cursor:pointer;font-weight:600}
pre{overflow:auto;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;font-size:.85rem;white-space:pre}
.card{display:grid;gap:0 2rem}
.card>div{min-width:0}
.card>.whole{grid-column:1/-1}
dl{display:grid;grid-template-columns:minmax(5rem,10rem) minmax(0,1fr);gap:.1rem 1rem;margin:0}
dd{margin:0}dt,dd{overflow-wrap:anywhere}
.scroll{overflow-x:auto}
#batch-part{margin-bottom:1rem}
#batch,.values-scroll{max-height:30rem;overflow:auto}
.matrix{border-collapse:collapse}
.matrix th,.matrix td{padding:.35rem .5rem;text-align:right;font-weight:500}
.matrix th{overflow-wrap:anywhere;min-width:4rem}
.answers{border-collapse:collapse;font-size:.875rem}
.answers :is(th,td){padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
.answers .is-odd{color:var(--warn);font-weight:600}
.matrix thead th{color:var(--soft);font-size:.875rem}
.matrix tbody td{border:1px solid var(--line);min-width:2.5rem;color:var(--ink)}
${levels.join('\n')}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}.matrix{font-size:.8rem}.matrix th,.matrix td{padding:.3rem .25rem;min-width:0!important}.matrix tbody th{min-width:4.75rem!important}.matrix thead th{vertical-align:bottom}.matrix thead span{display:inline-block;writing-mode:vertical-rl;max-height:9rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}[role=list]{grid-template-columns:1fr auto}.row{padding:.3rem 0}.row .track{grid-area:2/1/3/3}}
@media (max-width:15rem){.field,.row{display:block}.field .range{display:block;text-align:left}.row .track{display:block}.row .number{display:block}.matrix th{overflow-wrap:normal}}
@media (max-width:55.99rem){.hero-head{padding:.6rem 1.1rem}}
@media (max-width:55.99rem) and (min-height:30rem){html{scroll-padding-top:8rem}.hero-head{position:sticky;top:0;z-index:2;max-height:45vh;overflow:auto;box-shadow:0 2px 6px #0002}}
@media (min-width:56rem){.hero{display:grid;grid-template-columns:minmax(18rem,2fr) 3fr;align-items:center;background:var(--panel);border:1px solid var(--line);border-radius:.6rem;margin-bottom:1rem;gap:1rem;padding:1.1rem}
.hero:not(:has(.hero-body .problem:not([hidden]),[role=list]>*,#values>*)){grid-template-columns:1fr}
.hero>.panel{border:0;padding:0;margin:0;background:none}.columns{grid-template-columns:minmax(18rem,2fr) 3fr}.card{grid-template-columns:1fr 1fr}}
@media (min-width:56rem) and (min-height:40rem){.hero{position:sticky;top:0;z-index:2;max-height:45vh;overflow:auto;box-shadow:0 2px 6px #0001}html{scroll-padding-top:20rem}}
@media (min-width:100rem){header,main{max-width:96rem}.columns{grid-template-columns:28rem 1fr}.results{grid-template-columns:1fr 1fr;grid-template-rows:auto 1fr;align-items:start}#code-part{grid-area:1/2/span 2}}
@media (prefers-reduced-motion:no-preference){.bar{transition:left .15s,width .15s}}
@media (forced-colors:active){:is(.bar,.track,[role=switch],[role=switch]::after,.heat,.matrix td){forced-color-adjust:none}.track{background:Canvas;outline:1px solid CanvasText}.bar,.strip rect,.histogram rect{background:Highlight;fill:Highlight}.bar.less,.strip rect.less{background:CanvasText;fill:CanvasText}
[role=switch],[role=switch]::after{background:Canvas;border-color:CanvasText}[role=switch]::after{background:CanvasText}[role=switch]:checked{background:Highlight}[role=switch]:checked::after{background:Canvas}svg text{fill:CanvasText}}
@media print{:root{${light};color-scheme:light}*{print-color-adjust:exact}button,nav,.finder,.paste,.share,#samples-title,.drop,.slider,#batch-part,details:not([open]){display:none!important}.hero,.hero-head{position:static!important;max-height:none!important}.panel{break-inside:avoid}}
`;
