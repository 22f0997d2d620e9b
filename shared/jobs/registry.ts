import { analyticsRollUp } from './analytics-roll-up/index.ts';
import { backup } from './backup/index.ts';
import { backupExport } from './backup-export/index.ts';
import { backupExportFiles } from './backup-export-files/index.ts';
import { backupSegment } from './backup-segment/index.ts';
import { breakGlassNotice } from './break-glass-notice/index.ts';
import type { JobKind } from './define-job-kind.ts';
import { importJob } from './import/index.ts';
import { importChunk } from './import-chunk/index.ts';
import { interactionCheck } from './interaction-check/index.ts';
import { interactionRecheck } from './interaction-recheck/index.ts';
import { medicationReminder } from './medication-reminder/index.ts';
import { refillCheck } from './refill-check/index.ts';
import { reminderDelivery } from './reminder-delivery/index.ts';
import { restoreDrill } from './restore-drill/index.ts';
import { scheduleUpdate } from './schedule-update/index.ts';
import { supplyMonitor } from './supply-monitor/index.ts';
import { supplySweep } from './supply-sweep/index.ts';

/** Every job kind, public and internal. A new kind is one folder and one line here. */
export const JOB_KINDS: readonly JobKind[] = [
  medicationReminder,
  refillCheck,
  interactionCheck,
  supplyMonitor,
  analyticsRollUp,
  backup,
  reminderDelivery,
  backupSegment,
  backupExport,
  backupExportFiles,
  supplySweep,
  scheduleUpdate,
  importJob,
  importChunk,
  interactionRecheck,
  breakGlassNotice,
  restoreDrill,
];

/** Kinds by name. */
export const kindsByName = (): ReadonlyMap<string, JobKind> =>
  new Map(JOB_KINDS.map((kind) => [kind.name, kind]));

export const PUBLIC_KINDS: readonly JobKind[] = JOB_KINDS.filter((kind) => kind.public);
