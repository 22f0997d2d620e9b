import { jobAcceptContract } from './job-accept-contract.ts';
import { jobClaimContract } from './job-claim-contract.ts';
import { type CommitPorts, jobCommitContract } from './job-commit-contract.ts';
import { jobFamilyContract } from './job-family-contract.ts';
import { jobListsContract, type ListPorts } from './job-lists-contract.ts';
import { jobSummariesContract } from './job-summaries-contract.ts';

export type JobStorePorts = CommitPorts & ListPorts;

/** Everything that a JobStore promises, for the fake and for the real one. @param runs generated claims */
export function jobStoreContract(name: string, make: () => Promise<JobStorePorts>, runs = 200): void {
  jobAcceptContract(name, make);
  jobClaimContract(name, make, runs);
  jobCommitContract(name, make);
  jobFamilyContract(name, make);
  jobListsContract(name, make);
  jobSummariesContract(name, make);
}
