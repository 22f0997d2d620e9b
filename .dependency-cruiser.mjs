/** Rooms and who may enter them: see docs/architecture.md. */

/** A rule: files in `from` may import, inside the project, only what matches `allowed`. */
const room = (name, from, allowed) => ({
  name: `room-${name}`,
  severity: 'error',
  comment: `${name} imports what its room does not allow`,
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(shared|functions|infra|test)/', pathNot: allowed },
});

const SDK = '^node_modules/@aws-sdk/';

export default {
  forbidden: [
    room('lifecycle', '^shared/lifecycle/', '^shared/lifecycle/'),
    room('errors', '^shared/errors/', '^shared/errors/'),
    room('clinical', '^shared/clinical/', '^shared/(clinical|errors)/'),
    room('contract', '^shared/contract/', '^shared/(contract|lifecycle)/'),
    room('evidence', '^shared/evidence/', '^shared/(evidence|lifecycle|errors|contract)/'),
    room(
      'jobs',
      '^shared/jobs/[^/]+\\.ts$',
      '^shared/((jobs|lifecycle|errors)/|clinical/(reminder-states|earlier-use|fhir/order-version|reference/reference)\\.ts$)',
    ),
    {
      ...room(
        'job kind',
        '^shared/jobs/([^/]+)/',
        '^shared/(jobs/$1/|jobs/archive/|jobs/replacing/|jobs/intake/|jobs/(define-job-kind|ports|schema-members)\\.ts$|clinical/|errors/|lifecycle/(instant|read-instant|priority|role)\\.ts$)',
      ),
    },
    room(
      'operations',
      '^shared/operations/',
      '^shared/(operations|jobs|lifecycle|clinical|evidence|errors|contract)/',
    ),
    room(
      'adapters',
      '^shared/adapters/',
      '^shared/(adapters|operations/((audit-|pause-|recall-|rights-|seal-|break-glass-|bulk-)?ports|engine)\\.ts$|jobs/ports\\.ts$|lifecycle|evidence|contract|errors)',
    ),
    room('http', '^functions/(http|queue|runtime)/', '^(shared|functions/(http|queue|runtime))/'),
    room('function', '^functions/([^/]+)/', '^(shared/|functions/(http|queue|runtime|$1)/)'),
    room(
      'infra',
      '^infra/(?!local/|build/|smoke/|reference/|audit/|ops/|backup/)',
      '^(infra/(?!local/)|shared/(jobs|lifecycle|contract|evidence|errors)/)',
    ),
    {
      name: 'only-adapters-know-the-sdk',
      severity: 'error',
      from: {
        path: '^(shared/(?!adapters/)|functions/(?!runtime/|[^/]+/index\\.ts$)|infra/(?!local/|smoke/|build/|reference/|audit/|ops/|backup/))',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: SDK },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^(shared|functions|infra)/', pathNot: '\\.test\\.ts$' },
      // HL7's definitions with the tests: they are large, and nothing that runs needs them.
      to: { path: '(^test/|\\.test\\.ts$|^node_modules/@medplum/)' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {}, // Types-only packages and type entry points have nothing that a resolver of modules could find.
      to: { couldNotResolve: true, pathNot: '^(aws-lambda$|aws-jwt-verify/|vitest/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdk\\.out|\\.local)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
