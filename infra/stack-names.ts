/** Names of the three stacks of a stage in CloudFormation. */
export const stackNames = (stage: string) => ({
  data: `medication-jobs-${stage}-data`,
  service: `medication-jobs-${stage}-service`,
  watch: `medication-jobs-${stage}-watch`,
});
