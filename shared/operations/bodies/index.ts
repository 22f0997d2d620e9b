import type { RouteName } from '../../contract/routes.ts';
import { type AcknowledgementBody, schema as acknowledgement } from './acknowledgement.ts';
import { type AuditSearchBody, schema as auditSearch } from './audit-search.ts';
import { type BreakGlassBody, schema as breakGlass } from './break-glass.ts';
import { type BreakGlassReviewBody, schema as breakGlassReview } from './break-glass-review.ts';
import { type CareTeamWishes, schema as careTeam } from './care-team.ts';
import { type DeliveryReportBody, schema as deliveryReport } from './delivery-report.ts';
import { type ErasureDecisionBody, schema as erasureDecision } from './erasure-decision.ts';
import { type MedicationWishes, schema as medication } from './medication.ts';
import { type PreferencesBody, schema as preferences } from './preferences.ts';
import { type RecheckBody, schema as recheck } from './recheck.ts';
import { type ReleaseBody, schema as release } from './release.ts';

/** Schemas of the bodies that routes beside the job endpoints take. Validators and the OpenAPI document come from here. */
export const BODY_SCHEMAS = {
  acknowledgeReminder: acknowledgement,
  reportDelivery: deliveryReport,
  putPreferences: preferences,
  putCareTeam: careTeam,
  putMedication: medication,
  releaseFindings: release,
  recheckInteractions: recheck,
  openBreakGlass: breakGlass,
  reviewBreakGlass: breakGlassReview,
  searchAudit: auditSearch,
  decideErasure: erasureDecision,
} as const satisfies { readonly [R in RouteName]?: object };

export type RouteWithBody = keyof typeof BODY_SCHEMAS;

/** What each of them describes. */
export interface Bodies extends Record<RouteWithBody, object> {
  readonly acknowledgeReminder: AcknowledgementBody;
  readonly reportDelivery: DeliveryReportBody;
  readonly putPreferences: PreferencesBody;
  readonly putCareTeam: CareTeamWishes;
  readonly putMedication: MedicationWishes;
  readonly releaseFindings: ReleaseBody;
  readonly recheckInteractions: RecheckBody;
  readonly openBreakGlass: BreakGlassBody;
  readonly reviewBreakGlass: BreakGlassReviewBody;
  readonly searchAudit: AuditSearchBody;
  readonly decideErasure: ErasureDecisionBody;
}
