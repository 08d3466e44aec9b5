import uPlot from 'uplot';
import type { Value } from './slots';

/** Values over time. */
export interface Line {
  name: string;
  values: Value[];
  /** A custom property of the page: `--stage-dns`. */
  colour: string;
  /** A band is the area down to another line; an edge is only where a band ends. */
  kind?: 'line' | 'band' | 'edge';
  /** Of a band: the index of the line at its other end; without one it is zero. */
  down?: number;
  /** How its values are said, where they are drawn as something else. */
  said?: Value[];
}

/** What a chart shows. */
export interface Drawing {
  /** Epoch s, in order. */
  times: number[];
  lines: Line[];
  say: (value: Value) => string;
  /** In pixels of the page. */
  height: number;
  /** Horizontal lines that values are held against. */
  thresholds: { name: string; value: number }[];
  /** When something was wrong, epoch ms. */
  marks: { from: number; to: number }[];
}

export interface Reader {
  /** One points at the slot with this index, or at none. */
  pointed(slot: number | null): void;
  /** One drew a frame around this time, epoch ms. */
  framed(from: number, to: number): void;
}

const SMALLEST_FRAME_PX = 4;
const DAYS_FROM_S = 48 * 3_600;
const ROOM_ABOVE = 1.08;

/** Draws into an element and follows its width. */
export function plotted(holder: HTMLElement, drawing: Drawing, reader: Reader): uPlot {
  const data = [drawing.times, ...drawing.lines.map((line) => line.values)] as uPlot.AlignedData;
  return new uPlot(options(holder, drawing, reader), data, holder);
}

function options(holder: HTMLElement, drawing: Drawing, reader: Reader): uPlot.Options {
  const { lines, height, thresholds, marks, say } = drawing;
  const paint = (name: string) => colour(holder, name);
  const axis = { stroke: paint('--text-soft'), grid: { stroke: paint('--line'), width: 1 }, ticks: { show: false } };
  const highest = Math.max(0, ...thresholds.map((of) => of.value));
  return {
    width: holder.clientWidth,
    height,
    series: [{}, ...lines.map((line) => series(line, paint(line.colour)))],
    bands: lines.flatMap((line, i) =>
      line.kind === 'band' && line.down !== undefined
        ? [{ series: [i + 1, line.down + 1] as [number, number], fill: paint(line.colour) }]
        : [],
    ),
    axes: [
      { ...axis, values: (_, at) => at.map((second) => tick(second, drawing.times)) },
      { ...axis, size: 76, values: (_, at) => at.map((value) => say(value)) },
    ],
    scales: { y: { range: (_, __, most) => [0, Math.max(most, highest) * ROOM_ABOVE || 1] } },
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
    hooks: {
      setCursor: [(plot) => reader.pointed(plot.cursor.idx ?? null)],
      setSelect: [(plot) => framed(plot, reader)],
      drawClear: [(plot) => drawMarks(plot, marks, paint('--mark'))],
      draw: [(plot) => drawThresholds(plot, thresholds, paint('--bad'))],
    },
  };
}

function series(line: Line, paint: string): uPlot.Series {
  const isLine = (line.kind ?? 'line') === 'line';
  return {
    label: line.name,
    stroke: isLine ? paint : 'transparent',
    width: isLine ? 2 : 0,
    ...(line.kind === 'band' && line.down === undefined ? { fill: paint } : {}),
    points: { show: line.kind !== 'edge' && isSparse(line.values), size: 5, fill: paint, stroke: paint },
    spanGaps: false,
  };
}

/** A canvas knows no custom properties: what one comes to is read of an element. */
function colour(holder: HTMLElement, name: string): string {
  holder.style.color = `var(${name})`;
  const { color } = getComputedStyle(holder);
  holder.style.color = '';
  return color;
}

/** A minute by itself would be a line of no length. */
function isSparse(values: Value[]): boolean {
  const isThere = (i: number) => (values[i] ?? null) !== null;
  return values.some((_, i) => isThere(i) && !isThere(i - 1) && !isThere(i + 1));
}

function tick(second: number, times: number[]): string {
  const at = new Date(second * 1_000);
  return times.at(-1)! - times[0]! > DAYS_FROM_S
    ? at.toLocaleDateString([], { month: '2-digit', day: '2-digit' })
    : at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
}

function framed({ select, posToVal }: uPlot, reader: Reader): void {
  if (select.width > SMALLEST_FRAME_PX) {
    const at = (left: number) => Math.round(posToVal(left, 'x') * 1_000);
    reader.framed(at(select.left), at(select.left + select.width));
  }
}

function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: Drawing['marks'], paint: string): void {
  ctx.fillStyle = paint;
  for (const mark of marks) {
    const left = Math.max(valToPos(mark.from / 1_000, 'x', true), bbox.left);
    const right = Math.min(valToPos(mark.to / 1_000, 'x', true), bbox.left + bbox.width);
    if (right > left) {
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
  }
}

function drawThresholds({ ctx, bbox, valToPos }: uPlot, thresholds: Drawing['thresholds'], paint: string): void {
  ctx.strokeStyle = ctx.fillStyle = paint;
  ctx.setLineDash([6, 4]);
  ctx.font = `${12 * devicePixelRatio}px system-ui`;
  for (const threshold of thresholds) {
    const y = valToPos(threshold.value, 'y', true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(threshold.name, bbox.left + 6, y - 6);
  }
  ctx.setLineDash([]);
}
