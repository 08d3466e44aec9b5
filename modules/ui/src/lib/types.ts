/** What a node answers, as far as it is shown: `/api/openapi.json` has the whole of it. Times are ISO-8601 in UTC. */

export const STAGES = ['dns', 'tcp', 'tls', 'ttfb'] as const;
export type Stage = (typeof STAGES)[number];
/** Where a measurement can fail, in their order. */
export const FAILURES = ['dns', 'tcp', 'tls', 'http', 'throughput'] as const;
export type Measure = Stage | 'throughput' | 'total';

type OfMeasure<T> = { [name in `${Measure}_${'min' | 'max' | 'p50' | 'p95'}`]: T };

/** What was counted and measured of a time, of one series or of many. */
export interface Counted extends OfMeasure<number | null> {
  count_total: number;
  count_success: number;
  count_error: number;
  dns_error_count: number;
  tcp_error_count: number;
  tls_error_count: number;
  http_error_count: number;
  throughput_error_count: number;
  total_count: number;
  throughput_count: number;
  percentiles: 'exact' | 'sample' | 'sketch';
  relative_error: number | null;
  score: number | null;
}

export interface Window extends Counted {
  client_id: string;
  target: string;
  window_start_ts: string;
  resolution: string;
  revision: number;
  sealed: boolean;
  reasons: Record<string, Record<string, number>>;
  diagnosis_label: string | null;
}

/** All series together. */
export interface OverviewPart extends Counted {
  complete: boolean;
  window_count: number;
  series_count: number;
  client_count: number;
  target_count: number;
}

export interface Overview {
  from: string;
  to: string;
  step_s: number;
  complete_until: string;
  kept_from: string | null;
  open_problems: number;
  open_incidents: number;
  all: OverviewPart & { reasons: Record<string, Record<string, number>> };
  steps: (OverviewPart & { start_ts: string })[];
}

export interface Series {
  client_id: string;
  target: string;
  first_window_ts: string;
  last_window_ts: string;
}

/** How a client or a target is now. */
export interface Condition {
  status: 'well' | 'silent' | 'troubled';
  open_incidents: number;
  worst_label: string | null;
  open_labels: string[];
}

export interface Client extends Condition {
  client_id: string;
  attributes: Record<string, string>;
  series_count: number;
  first_window_ts: string;
  last_window_ts: string;
}

export interface Target extends Condition {
  target: string;
  client_count: number;
  first_window_ts: string;
  last_window_ts: string;
}

/** Of one measure of one series, all values of a time together. */
export interface Distribution {
  client_id: string;
  target: string;
  measure: Measure;
  unit: string;
  from: string;
  to: string;
  step_ms: number;
  count_total: number;
  count_error: number;
  count: number;
  min: number | null;
  max: number | null;
  percentiles: 'exact' | 'sketch';
  quantiles: { p: number; value: number | null }[];
  histogram: { from: number; to: number; count: number }[];
  steps: Step[];
}

export type Band = 'p5' | 'p25' | 'p50' | 'p75' | 'p95';

export interface Step extends Record<Band, number | null> {
  start_ts: string;
  count_total: number;
  count_error: number;
  count: number;
}

export interface Norm {
  mean: number | null;
  deviation: number | null;
  windows: number;
}

export interface Evidence {
  of: string;
  unit: string;
  observed: number | null;
  threshold: number | null;
  baseline: Norm | null;
  same_hour: Norm | null;
}

export interface Verdict {
  label: string;
  grave: boolean;
  severity: number | null;
  evidence: Evidence[];
}

export interface Incident {
  id: string;
  client_id: string;
  target: string;
  label: string;
  state: 'open' | 'cleared' | 'accepted' | 'silent';
  onset_ts: string;
  opened_ts: string;
  last_seen_ts: string;
  ended_ts: string | null;
  peak: { window_start_ts: string; verdict: Verdict };
  rules: string;
  timeline: { window_start_ts: string; label: string }[];
}

export interface Problem {
  id: string;
  state: 'open' | 'ended';
  side: 'client' | 'target' | 'path';
  label: string;
  client_id: string | null;
  target: string | null;
  started_ts: string;
  ended_ts: string | null;
  part_of: string | null;
  ack: { by: string; note: string; at: string } | null;
  incidents: Pick<Incident, 'id' | 'client_id' | 'target' | 'label' | 'onset_ts' | 'ended_ts'>[];
  notifications: Notification[];
}

export interface Notification {
  channel: string;
  tells: 'firing' | 'resolved';
  state: 'due' | 'sent' | 'dropped';
  failed_attempts: number;
  error: string | null;
  next_ts: string | null;
  done_ts: string | null;
}

export interface Silence {
  id: string;
  label: string | null;
  client_id: string | null;
  target: string | null;
  from: string;
  until: string;
  by: string;
  comment: string;
}

export interface WorstSeries {
  client_id: string;
  target: string;
  p95: number;
  p50: number;
  count: number;
  window_count: number;
  peak: { window_start_ts: string; p95: number };
}

export interface Worst {
  measure: string;
  unit: string;
  worst_is: 'highest' | 'lowest';
  from: string;
  to: string;
  worst: WorstSeries[];
}

export interface Readiness {
  status: 'ready' | 'not ready' | 'stopping';
  checks: { name: string; ok: boolean; essential: boolean; since: string; ms: number; detail: string }[];
}

export interface Balance {
  tenant: string;
  kind: string;
  received: number;
  accepted: number;
  duplicate: number;
  late: number;
  refused: number;
  unavailable: number;
  dead_lettered: number;
}

export interface UpkeepRun {
  what: string;
  outcome: 'running' | 'done' | 'failed' | 'killed';
  started_ts: string;
  took_ms: number | null;
  rows: number;
  error: string | null;
}

export type Scope = 'ingest' | 'read' | 'operate' | 'admin';
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. */
export interface Known {
  name: string;
  /** Null of a token, which has none of what follows the scope either. */
  role: Role | null;
  scope: Scope;
  csrf_token?: string;
  must_change_password?: boolean;
  expires_at?: string;
}

export interface User {
  name: string;
  role: Role;
  disabled: boolean;
  must_change_password: boolean;
  created_at: string;
  last_seen_at: string | null;
  locked_until: string | null;
}

export interface Token {
  id: string;
  scope: Scope;
  client_id: string | null;
  note: string;
  state: 'good' | 'expired' | 'revoked';
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export interface AuditEntry {
  at: string;
  who: string;
  what: string;
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** What a probe is told to measure; what is left out is left to its own settings. */
export interface ProbeConfig {
  targets: string[];
  interval?: string;
  'throughput-interval'?: string;
  stagger?: string;
  jitter?: string;
}

export interface Probe {
  client_id: string;
  attributes: Record<string, string>;
  last_window_ts: string | null;
  silent_since: string | null;
  version: string | null;
  asked_at: string | null;
  state: 'applied' | 'pending' | 'never' | 'own';
  config: {
    of: 'own' | 'default';
    etag: string;
    target_count: number;
    targets: string[];
    interval: string | null;
    changed_at: string;
    changed_by: string;
  } | null;
}

export interface Probes {
  probes: Probe[];
  default: { etag: string; changed_at: string; changed_by: string } | null;
  next?: string;
}

export interface Setting {
  key: string;
  value: string;
  default: string | null;
  changed: boolean;
  source: string;
  /** Its key among the thresholds, if it can be set for all nodes. */
  threshold?: string;
  /** Of such a one, what the file says. */
  file?: string;
}

export interface Settings {
  settings: Setting[];
  thresholds: { key: string; value: string; changed_at: string; changed_by: string }[];
}

export interface LabelChange {
  label: string;
  before: number;
  after: number;
}

export interface Preview {
  from: string;
  to: string;
  series_judged: number;
  series_count: number;
  windows: LabelChange[];
  incidents: LabelChange[];
}

/** RFC 9457. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  parameter?: string;
}
