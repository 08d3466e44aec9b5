/** An SVG path through values, broken where there is none; y grows downwards, 0 is at the bottom. */
export function sparkPath(values: (number | null)[], width: number, height: number): string {
  const most = Math.max(...values.map((value) => value ?? 0));
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let isDrawing = false;
  values.forEach((value, i) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const y = most === 0 ? height : height - (value / most) * height;
    path += `${isDrawing ? 'L' : 'M'}${+(i * step).toFixed(1)} ${+y.toFixed(1)}`;
    isDrawing = true;
  });
  return path;
}
