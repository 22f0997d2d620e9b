import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from '../stages.ts';

/**
 * What becomes of something that holds data when it leaves the stack. Where stores are kept, it stays; only what a
 * failed first deployment has just made goes again, so that the deployment can be repeated under the same names.
 */
export const removalOf = (stage: Stage): RemovalPolicy =>
  stage.keepStores ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

/**
 * The same for what is protected against deletion: a failed deployment could not delete it, and its roll-back would
 * get stuck. It stays, empty, under a generated name that is in nobody's way.
 */
export const removalOfProtected = (stage: Stage): RemovalPolicy =>
  stage.keepStores ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
