import * as z from 'zod';
import { Duration, listOf, NamePattern, Size } from './fields';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A container engine: its address alone, or with the folder of `ca.pem`, `cert.pem` and `key.pem`. */
const ConfiguredEndpoint = z.union([
  z.string().transform(address => ({ address, verify: true, certificates: undefined })),
  z.strictObject({
    address: z.string(),
    certificates: z.string().optional(),
    /** Whether the engine's certificate is checked. */
    verify: z.boolean().default(true),
  }),
]);

/** `config.yaml`: what a person sets for all runbooks, in every face. */
export const ConfigFile = z.strictObject({
  /** Attributes of all cells; front matter and the cell's own come first. */
  defaults: z.record(z.string(), z.union([Scalar, z.array(Scalar)])).default({}),
  /** Milliseconds; of steps without one. */
  timeout: Duration.optional(),
  /** How much history is kept. */
  retention: z
    .strictObject({
      runs: z.number().int().positive().optional(),
      age: Duration.optional(),
      size: Size.optional(),
    })
    .default({}),
  /** Kubeconfigs beyond those that are found; absolute, or below `~`. */
  kubeconfigs: listOf(z.string().min(1)).default([]),
  /** Contexts of clusters where everything but reading asks first. */
  production: listOf(NamePattern).default([]),
  /** Contexts of clusters where nothing is changed. */
  readOnly: listOf(NamePattern).default([]),
  /** A file that the audit log is copied to as it grows. */
  audit: z.strictObject({ copy: z.string().optional() }).default({}),
  /** Container engines beyond those that are found, by name. */
  endpoints: z.record(z.string().min(1), ConfiguredEndpoint).default({}),
});
export type Config = z.output<typeof ConfigFile>;
export type ConfiguredEndpoints = Config['endpoints'];
