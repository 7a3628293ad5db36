export interface RuntimePackage {
  /** `name@version`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Ids of what it needs. */
  readonly needs: readonly string[];
  /** Ids of parts of which a machine installs those that fit it. */
  readonly platforms: readonly string[];
  readonly installScripts: readonly string[];
  readonly usedBy: readonly string[];
  readonly broughtBy: readonly string[];
  readonly bytes: number;
  readonly isNative: boolean;
  readonly isWasm: boolean;
}
export interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}
export function runtimePackages(root: string): RuntimePackage[];
export function ownPackages(root: string): OwnPackage[];
export function integrities(lockFile: string): Map<string, string>;
